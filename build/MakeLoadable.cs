using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies LibTorchSharp's library for Linux x64 so that a C++ runtime as old as GCC 12's (Debian 12) loads it. The library asks for one thing that came
/// later, <c>std::ios_base_library_init()</c>, which makes sure that <c>std::cout</c> and its like are there; <c>std::ios_base::Init::Init()</c> does the
/// same and has always been there. The copy asks for that, and no longer insists on the newer version. A library that asks for nothing newer
/// is copied as it is; one that asks for more is an error. The form is that of the System V ABI and the Linux Standard Base (symbol versions).
/// </summary>
public sealed class MakeLoadable : Task
{
    private const string NewVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4";
    private const string NewSymbol = "_ZSt21ios_base_library_initv";
    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";

    private const uint DynamicSymbols = 11;
    private const uint VersionsNeeded = 0x6ffffffe;
    private const uint VersionOfEachSymbol = 0x6fffffff;
    private const ushort Weak = 2;
    private const int SymbolSize = 24;

    [Required]
    public string Library { get; set; }

    [Required]
    public string Result { get; set; }

    public override bool Execute()
    {
        try
        {
            var file = File.ReadAllBytes(Library);
            Patch(file);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Result)));
            File.WriteAllBytes(Result, file);
        }
        catch (Exception e) when (e is InvalidDataException || e is IndexOutOfRangeException || e is ArgumentException || e is IOException || e is UnauthorizedAccessException)
        {
            Log.LogError("{0} cannot be made loadable where GCC 12's C++ runtime is: {1}", Library, e.Message);
        }
        return !Log.HasLoggedErrors;
    }

    private static void Patch(byte[] file)
    {
        var sections = Sections(file);
        var needs = sections[VersionsNeeded];
        var strings = SectionAt(file, needs.Link).Offset;
        var versions = Versions(file, needs, strings);
        if (!versions.TryGetValue(NewVersion, out var newer)) return;

        var symbols = sections[DynamicSymbols];
        var versionOf = sections[VersionOfEachSymbol].Offset;
        for (var i = 0; i < symbols.Size / SymbolSize; i++)
        {
            if (BitConverter.ToUInt16(file, versionOf + (2 * i)) != newer.Index) continue;
            var name = strings + (int)BitConverter.ToUInt32(file, symbols.Offset + (SymbolSize * i));
            if (Text(file, name) != NewSymbol) throw new InvalidDataException($"it asks for {Text(file, name)}@{NewVersion} too.");
            Encoding.ASCII.GetBytes(OldSymbol + "\0").CopyTo(file, name);
            BitConverter.GetBytes((ushort)versions[OldVersion].Index).CopyTo(file, versionOf + (2 * i));
        }
        BitConverter.GetBytes(Weak).CopyTo(file, newer.Flags);
    }

    private static Dictionary<uint, (int Offset, int Size, int Link)> Sections(byte[] file)
    {
        if (file.Length < 64 || BitConverter.ToUInt32(file, 0) != 0x464c457f || file[4] != 2 || file[5] != 1) throw new InvalidDataException("it is no ELF file of 64 bits, little-endian.");
        var sections = new Dictionary<uint, (int, int, int)>();
        for (var i = 0; i < BitConverter.ToUInt16(file, 60); i++)
        {
            var (kind, offset, size, link) = SectionAt(file, i);
            sections[kind] = (offset, size, link);
        }
        return sections.ContainsKey(VersionsNeeded) && sections.ContainsKey(DynamicSymbols) && sections.ContainsKey(VersionOfEachSymbol)
            ? sections
            : throw new InvalidDataException("it has no table of symbol versions.");
    }

    private static (uint Kind, int Offset, int Size, int Link) SectionAt(byte[] file, int index)
    {
        var at = checked((int)BitConverter.ToInt64(file, 40)) + (index * BitConverter.ToUInt16(file, 58));
        return (BitConverter.ToUInt32(file, at + 4), checked((int)BitConverter.ToInt64(file, at + 24)), checked((int)BitConverter.ToInt64(file, at + 32)), BitConverter.ToInt32(file, at + 40));
    }

    /// <summary>Of all libraries that are needed: where a version's flags lie in the file, and the number by which symbols refer to it.</summary>
    private static Dictionary<string, (int Flags, int Index)> Versions(byte[] file, (int Offset, int Size, int Link) needs, int strings)
    {
        var versions = new Dictionary<string, (int, int)>();
        for (int library = needs.Offset, next = -1; next != 0; library += next)
        {
            next = BitConverter.ToInt32(file, library + 12);
            var version = library + BitConverter.ToInt32(file, library + 8);
            for (var left = BitConverter.ToUInt16(file, library + 2); left > 0; left--)
            {
                versions[Text(file, strings + BitConverter.ToInt32(file, version + 8))] = (version + 4, BitConverter.ToUInt16(file, version + 6));
                version += BitConverter.ToInt32(file, version + 12);
            }
        }
        return versions;
    }

    private static string Text(byte[] file, int at) => Encoding.ASCII.GetString(file, at, Array.IndexOf(file, (byte)0, at) - at);
}
