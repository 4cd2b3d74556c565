// Original file: proto/chubby/v1/chubby.proto


export interface DeleteResponseFields {
}

export interface DeleteResponse {
}
