/** Media's door: files prepared, attached, shown. */
export {};
