/** Writes src/server/demo/generated.json unless it is newer than what it is made of. Returns its path. */
export declare const buildDemoData: () => string;
