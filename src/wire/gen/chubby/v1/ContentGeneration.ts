// Original file: proto/chubby/v1/chubby.proto

import type { Long } from '@grpc/proto-loader';

export interface ContentGenerationFields {
  'name'?: (string);
  'generation'?: (number | string | Long);
}

export interface ContentGeneration {
  'name': (string);
  'generation': (number);
}
