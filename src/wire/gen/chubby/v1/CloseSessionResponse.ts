// Original file: proto/chubby/v1/chubby.proto


export interface CloseSessionResponseFields {
}

export interface CloseSessionResponse {
}
