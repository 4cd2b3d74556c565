// Original file: proto/chubby/v1/chubby.proto


export interface ExplainRequestFields {
  'name'?: (string);
}

export interface ExplainRequest {
  'name': (string);
}
