/** Reads codes where the browser can: `BarcodeDetector` is part of some browsers and not of others. */

interface Detector {
  detect(source: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorMaker = new (options: { readonly formats: readonly string[] }) => Detector;

const makerHere = (): DetectorMaker | undefined =>
  (globalThis as { readonly BarcodeDetector?: DetectorMaker }).BarcodeDetector;

/** True where this browser reads codes by itself. */
export const canScan = (): boolean => makerHere() !== undefined;

/** The text of a code in a picture; undefined where there is none, or none can be read here. */
export const readCode = async (source: ImageBitmapSource): Promise<string | undefined> => {
  const Maker = makerHere();
  if (!Maker) return undefined;
  try {
    const [found] = await new Maker({ formats: ['qr_code'] }).detect(source);
    return found?.rawValue;
  } catch {
    return undefined;
  }
};

/** Looks through the camera until a code is there or `signal` ends it; rejects where there is no camera to be had. */
export const watchCamera = async (
  video: HTMLVideoElement,
  signal: AbortSignal,
  pause = 250,
): Promise<string | undefined> => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  const end = (): void => stream.getTracks().forEach((track) => track.stop());
  try {
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const text = await readCode(video);
      if (text !== undefined) return text;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return undefined;
  } finally {
    end();
    video.srcObject = null;
  }
};
