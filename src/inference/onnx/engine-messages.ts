import type { ErrorCode } from '../../errors.ts';
import type { ChatReply, ChatRequest } from '../model.ts';
import type { EngineOptions } from './engine.ts';

/** What the engine's process is told, and what it answers. Both are cloned by the runtime, typed arrays included. */

export type EngineSettings = Omit<EngineOptions, 'availableMemory'> & {
  readonly folder: string;
  /** Resident bytes that the process may reach; 0 is what the machine has free. */
  readonly memoryLimitBytes: number;
};

export interface EngineFailure {
  readonly code: ErrorCode;
  readonly message: string;
  /** Kind of the underlying error, never its words. */
  readonly kind?: string;
}

export type ToEngine =
  | { readonly type: 'open'; readonly options: EngineSettings }
  | { readonly type: 'generate'; readonly id: number; readonly request: ChatRequest }
  | { readonly type: 'cancel'; readonly id: number };

export type FromEngine =
  | { readonly type: 'ready'; readonly seesImagesWhole: boolean }
  | { readonly type: 'unready'; readonly error: EngineFailure }
  | { readonly type: 'reply'; readonly id: number; readonly reply: ChatReply }
  | { readonly type: 'failed'; readonly id: number; readonly error: EngineFailure };
