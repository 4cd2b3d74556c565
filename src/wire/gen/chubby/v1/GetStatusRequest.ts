// Original file: proto/chubby/v1/chubby.proto


export interface GetStatusRequestFields {
}

export interface GetStatusRequest {
}
