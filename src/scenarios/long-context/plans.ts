/** The two nets that are compared: the same size, with and without a memory. */
export const nets = ['xl', 'vanilla'] as const;
/** One of them. */
export type Net = (typeof nets)[number];

/** In pictures. */
export const titles: Readonly<Record<Net, string>> = { xl: 'Transformer-XL', vanilla: 'vanilla' };

/** The arm of a language model. */
export const languageArm = (net: Net): string => `language-${net}`;
/** The arm of a recall task. */
export const recallArm = (net: Net, distance: number): string => `recall-${distance}-${net}`;
/** The arm that reads against the clock. */
export const speedArm = 'speed';
