/** 1, 2 and 5 of each decade between two values above 0; of more than three decades only the 1. */
export function logTicks(low, high) {
  const decades = Math.log10(high / low);
  const first = Math.floor(Math.log10(low));
  return Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => first + i)
    .flatMap(power => (decades > 3 ? [1] : decades > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8]).map(digit => +(digit * 10 ** power).toPrecision(3)))
    .filter(value => value >= low && value <= high);
}

/** The values' bounds rounded outwards to steps of 1, 2 or 5 times a power of ten, but not beyond `least` and `most`. */
export function roundBounds(values, least, most) {
  if (values.length === 0) return { min: least, max: most, interval: (most - least) / 5 };
  const low = Math.min(...values), high = Math.max(...values);
  const raw = Math.max(high - low, 0.01) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const interval = power * [1, 2, 5, 10].find(factor => factor * power >= raw);
  const round = value => +(value * interval).toPrecision(12);
  return { min: Math.max(least, round(Math.floor(low / interval - 0.2))), max: Math.min(most, round(Math.ceil(high / interval + 0.2))), interval };
}
