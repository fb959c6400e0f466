using System.Net;

namespace NeuralCapacitance.Infrastructure.Network;

/// <summary>Networks as settings write them.</summary>
public static class IPNetworks
{
    private const int BitsPerByte = 8;

    /// <param name="text">A network (<c>10.0.0.0/8</c>), or an address, which is a network of its own.</param>
    /// <returns>Null: neither.</returns>
    public static IPNetwork? Parse(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        return IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * BitsPerByte) : null;
    }
}
