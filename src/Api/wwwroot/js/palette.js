// Tableau 10, adjusted so that every colour has a contrast of at least 3 : 1 on both backgrounds; then dashed again.
const colours = ['#4773c4', '#d9660a', '#2f9a5b', '#c9427a', '#8a63d2', '#a07914', '#1d95a8', '#d1483f', '#7f7f88', '#8d6a4f'];
const dashes = ['', '6 4', '2 4'];

export const styleOf = index => ({ colour: colours[index % colours.length], dash: dashes[Math.floor(index / colours.length) % dashes.length] });
