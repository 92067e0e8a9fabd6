declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace App {
    interface PageState {
      sheet?: string;
    }
  }
}
export {};
