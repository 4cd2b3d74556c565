// Original file: proto/chubby/v1/chubby.proto


export interface PoisonResponseFields {
}

export interface PoisonResponse {
}
