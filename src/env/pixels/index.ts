export { type PixelsOptions, pixelEnvironment, pixels } from './pixels.ts';
export { type PictureOptions, Rasteriser } from './rasteriser.ts';
export { type View, views } from './views.ts';
