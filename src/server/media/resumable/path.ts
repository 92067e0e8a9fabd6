/** Where resumable uploads live. */
export const UPLOADS_PATH = '/api/uploads';

const FORM = /^\/api\/uploads(?:\/([0-9a-f]{32})(\/finish)?)?$/;

/** The whole room, one upload, or its end; undefined for every other path. */
export const parseUploadPath = (path: string): { id?: string; isEnd: boolean } | undefined => {
  const found = FORM.exec(path);
  if (!found) return undefined;
  return { isEnd: found[2] !== undefined, ...(found[1] === undefined ? {} : { id: found[1] }) };
};
