/** Reads codes: by the browser's own `BarcodeDetector` where it has one, else by a library of the same shape, loaded when it is needed. */

interface Detector {
  detect(source: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorMaker = new (options: { formats: ['qr_code'] }) => Detector;

const makeDetector = async (): Promise<Detector> => {
  const own = (globalThis as { readonly BarcodeDetector?: DetectorMaker }).BarcodeDetector;
  const Maker: DetectorMaker = own ?? (await import('qr/decode.js')).BarcodeDetector;
  return new Maker({ formats: ['qr_code'] });
};

/** The text of a code in a picture; undefined where none is found. */
export const readCode = async (source: ImageBitmapSource): Promise<string | undefined> => {
  try {
    const [found] = await (await makeDetector()).detect(source);
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
