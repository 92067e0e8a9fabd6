// generated.json is made by src/launch/build-demo-data.mjs; in a fresh clone it isn't there yet.
declare module '*/generated.json' {
  const places: { readonly centres: string; readonly districts: string; readonly towns: string };
  export { places as default };
}
