import type { WindowAxis } from '../graph/windows.ts';
import * as tf from '../ops.ts';

type Padding = 'valid' | 'same' | number | [number, number][];

/** How kernels of convolutions say where their windows lie. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: Padding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** How kernels of pools say it. */
export interface PoolAttributes extends ConvolutionAttributes {
  readonly filterSize: number | [number, number];
}

/** The windows of an image along its two axes. */
export interface ImageWindows {
  readonly height: WindowAxis;
  readonly width: WindowAxis;
}

/** @param shape `[batch, height, width, channels]` @param filter `[height, width, in, out]` */
export function convolutionWindows(
  shape: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: ConvolutionAttributes,
  depthwise = false,
): ImageWindows {
  return windowsOf(
    tf.backend_util.computeConv2DInfo(
      [...shape] as Shape,
      [...filter] as Shape,
      strides,
      dilations ?? 1,
      pad as 'same',
      dimRoundingMode,
      depthwise,
    ),
  );
}

/** @param shape `[batch, height, width, channels]` */
export function poolWindows(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): ImageWindows {
  const padding = pad as 'same';
  return windowsOf(
    tf.backend_util.computePool2DInfo([...shape] as Shape, filterSize, strides, 1, padding, dimRoundingMode),
  );
}

type Shape = [number, number, number, number];

function windowsOf(info: ReturnType<typeof tf.backend_util.computeConv2DInfo>): ImageWindows {
  return {
    height: {
      length: info.inHeight,
      places: info.outHeight,
      size: info.filterHeight,
      stride: info.strideHeight,
      dilation: info.dilationHeight,
      before: info.padInfo.top,
    },
    width: {
      length: info.inWidth,
      places: info.outWidth,
      size: info.filterWidth,
      stride: info.strideWidth,
      dilation: info.dilationWidth,
      before: info.padInfo.left,
    },
  };
}
