/** Addresses of places stand at the root: `/naddr1…?invite=code`. */
export const match = (param: string): boolean => /^naddr1[a-z0-9]+$/.test(param);
