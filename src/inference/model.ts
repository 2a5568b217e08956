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

/** How the next token is chosen. Readers send none: greedy, as the paper evaluated (temperature 0). */
export interface Sampling {
  /** 0 is greedy; above, logits are divided by it. */
  readonly temperature: number;
  /** Only the k most likely tokens are drawn from. */
  readonly topK?: number;
  /** Of these, the fewest whose probabilities sum to p. */
  readonly topP?: number;
  readonly seed?: number;
}

export interface ChatRequest {
  /**
   * One user turn, in the order in which the model shall see it. Text is never trusted: what spells a control token
   * (`<end_of_turn>`, `<start_of_image>`) reaches the model as plain characters.
   */
  readonly content: readonly ChatPart[];
  /** Hard limit; no reply is longer. */
  readonly maxTokens: number;
  /**
   * JSON Schema (draft 2020-12) that the reply shall satisfy, where the backend can constrain it. It is a help, not a
   * promise: readers check every reply again.
   */
  readonly schema?: object;
  /** Whose data this is: nothing that is kept for one tenant is ever used for another. */
  readonly tenant?: string;
  readonly sampling?: Sampling;
}

/**
 * Why a reply ended: `stop` by itself; `length` at the limit, also where a constrained reply was closed early to keep
 * within it; `repetition` when it went in circles; `refused` by the server's own filter.
 */
export type Finish = 'stop' | 'length' | 'repetition' | 'refused';

export interface ChatReply {
  /** As the model wrote it, thought markers included; `answerOf` in reply.ts turns it into an answer. */
  readonly text: string;
  readonly finish: Finish;
  readonly tokens: { readonly prompt: number; readonly completion: number };
}

/** Text and images in, text out. */
export interface ChatModel {
  readonly kind: 'chat';
  /** Name of the model, such as `google/medgemma-1.5-4b-it`. */
  readonly id: string;
  /** What tells this very model from every other: digest of its files, or what the server says of itself. */
  readonly version: string;
  /** Throws IntervalErrors of the codes `model-…`, `engine-lost`, `prompt-too-long` and `cancelled`. */
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
