// Original file: proto/chubby/v1/chubby.proto


export interface CloseResponseFields {
}

export interface CloseResponse {
}
