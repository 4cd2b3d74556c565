// Original file: proto/chubby/v1/chubby.proto

import type { ContentGenerationFields as _chubby_v1_ContentGenerationFields, ContentGeneration as _chubby_v1_ContentGeneration } from '../../chubby/v1/ContentGeneration.js';

export interface MultiOpGuardFields {
  /**
   * There is no node of this name.
   */
  'absent'?: (string);
  'exists'?: (string);
  'contentGeneration'?: (_chubby_v1_ContentGenerationFields | null);
  /**
   * The lock that it speaks of is still held as it says.
   */
  'sequencer'?: (Buffer | Uint8Array | string);
  'test'?: "absent"|"exists"|"contentGeneration"|"sequencer";
}

export interface MultiOpGuard {
  /**
   * There is no node of this name.
   */
  'absent'?: (string);
  'exists'?: (string);
  'contentGeneration'?: (_chubby_v1_ContentGeneration | null);
  /**
   * The lock that it speaks of is still held as it says.
   */
  'sequencer'?: (Buffer);
  'test'?: "absent"|"exists"|"contentGeneration"|"sequencer";
}
