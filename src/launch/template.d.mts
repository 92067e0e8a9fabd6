/** Path of an archive of an empty embedded database; made when missing. */
export declare const ensureTemplate: () => Promise<string>;
