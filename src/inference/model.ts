/** A dense tensor, row-major. */
export interface Tensor {
  readonly type: 'float32' | 'int32' | 'int64' | 'uint8' | 'bool';
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array;
}

export type Tensors = Readonly<Record<string, Tensor>>;

/** Tensors in, tensors out: the small models that are shipped with the project. */
export interface TensorModel {
  readonly kind: 'tensor';
  readonly id: string;
  readonly version: string;
  /** Throws `reader-failed` when the runtime fails, `cancelled` when the signal is aborted before it starts. */
  run(inputs: Tensors, signal?: AbortSignal): Promise<Tensors>;
  close(): Promise<void>;
}

export type ChatPart =
  | { readonly type: 'text'; readonly text: string }
  /** PNG or JPEG bytes. */
  | { readonly type: 'image'; readonly bytes: Uint8Array; readonly contentType: 'image/png' | 'image/jpeg' };

export interface ChatRequest {
  /** One user turn, in the order in which the model shall see it. */
  readonly content: readonly ChatPart[];
  readonly maxTokens: number;
  /** JSON Schema that the reply must satisfy, where the backend can constrain it. */
  readonly schema?: object;
}

export interface ChatReply {
  readonly text: string;
  readonly finish: 'stop' | 'length';
  readonly tokens: { readonly prompt: number; readonly completion: number };
}

/** Text and images in, text out. */
export interface ChatModel {
  readonly kind: 'chat';
  readonly id: string;
  readonly version: string;
  generate(request: ChatRequest, signal?: AbortSignal): Promise<ChatReply>;
  close(): Promise<void>;
}

/** What a reader may ask for. Models are loaded on first use and shared. */
export interface Models {
  /** A model shipped under `models/<name>/model.onnx`. */
  tensor(name: string): Promise<TensorModel>;
  /** The configured chat model; absent when none is configured. */
  readonly chat?: ChatModel;
}
