// Plain JavaScript: jest loads its environment before it transforms anything.
import { TestEnvironment } from 'jest-environment-node';

/**
 * Native modules (onnxruntime-node) check `instanceof Float32Array` against the process's own classes; jest gives each
 * test file its own. Share the typed arrays, as jest itself does for Uint8Array and ArrayBuffer.
 */
export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, {
      Float32Array,
      Float64Array,
      Int8Array,
      Int16Array,
      Int32Array,
      Uint16Array,
      Uint32Array,
      BigInt64Array,
      BigUint64Array,
    });
  }
}
