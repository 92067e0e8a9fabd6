/** Canvases that are sharp on every screen. */

/** Pixels of the screen for one CSS pixel, at most 3: more cannot be seen and costs memory. */
const pixelRatio = (): number => Math.min(3, Math.max(1, window.devicePixelRatio || 1));

/** Sizes the canvas in CSS pixels and answers a cleared brush whose unit is the CSS pixel; null without 2D support. */
export const prepareCanvas = (
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null => {
  const ratio = pixelRatio();
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const brush = canvas.getContext('2d');
  brush?.setTransform(ratio, 0, 0, ratio, 0, 0);
  brush?.clearRect(0, 0, width, height);
  return brush;
};
