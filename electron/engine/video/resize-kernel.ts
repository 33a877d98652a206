/** resize-kernel.wat as wabt compiles it; its test compiles it anew. */
const compiled =
  'AGFzbQEAAAABGAJgCX9/f39/f39/fwBgCH9/f39/f39/AAMDAgABBQMBAAEHGwMGbWVtb3J5AgAEcm93cwAAB2NvbHVtbnMAAQqRBALU' +
  'AQIFfwF7A0BBACEKA0AgAEEDIAYgCkECdGooAgBsaiELIAggCiAFbEECdGohDCAMIAcgCkECdGooAgBBAnRqIQ39DAAAIAAAACAAAAAg' +
  'AAAAIAAhDgNAIA4gC/1cAgD9iQH9qQEgDP0JAgD9tQH9rgEhDiALQQNqIQsgDEEEaiEMIAwgDUkNAAsgDkEW/awBIQ4gDiAO/YUBIQ4g' +
  'ASAOIA79Zv1aAgAAIAFBA2ohASAKQQFqIQogCiAESQ0ACyAAIAJqIQAgCUEBaiEJIAkgA0kNAAsLuAICB38HewNAIAAgAiAFIAhBAnRq' +
  'KAIAbGohCiAHIAggBGxBAnRqIQ0gDSAGIAhBAnRqKAIAQQJ0aiEOQQAhCQNAIAogCWohCyANIQz9DAAAIAAAACAAAAAgAAAAIAAhEiAS' +
  'IRMgEiEUIBIhFQNAIAz9CQIAIREgC/0ABAAhDyAP/YkBIRAgEiAQ/akBIBH9tQH9rgEhEiATIBD9qgEgEf21Af2uASETIA/9igEhECAU' +
  'IBD9qQEgEf21Af2uASEUIBUgEP2qASAR/bUB/a4BIRUgCyACaiELIAxBBGohDCAMIA5JDQALIAEgCWogEkEW/awBIBNBFv2sAf2FASAU' +
  'QRb9rAEgFUEW/awB/YUB/Wb9CwQAIAlBEGohCSAJIAJJDQALIAEgAmohASAIQQFqIQggCCADSQ0ACws='

/** Addresses are in bytes; see resize-kernel.wat. */
interface ResizeKernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  rows(
    source: number,
    target: number,
    rowBytes: number,
    height: number,
    outWidth: number,
    taps: number,
    starts: number,
    counts: number,
    weights: number,
  ): void
  columns(
    source: number,
    target: number,
    rowBytes: number,
    outHeight: number,
    taps: number,
    starts: number,
    counts: number,
    weights: number,
  ): void
}

export const resizeKernelBytes = Buffer.from(compiled, 'base64')

/** The part of the language's WebAssembly that is used; Node's types leave it out. */
interface WebAssemblyLanguage {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}
const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyLanguage }).WebAssembly

/** The two passes of the resize, and the memory that they work in; one for each thread. */
export const resizeKernel = new Instance(new Module(resizeKernelBytes)).exports as ResizeKernel
