/** The closed list of `code` in problem details (RFC 9457), with what each means. */
export const ERROR_CODES = {
  malformed_request: 'The request could not be read.',
  ambiguous_credentials:
    'The request carries two credentials of one kind, or two that name different tokens.',
  credentials_in_url: 'A credential was sent in the URL, where logs and histories keep it.',
  invalid_parameter: 'A query parameter is unknown or has a value that is not allowed.',
  unauthenticated: 'No valid credentials were sent.',
  token_expired: 'The token has reached its end.',
  token_disabled: 'The token is switched off.',
  token_revoked: 'The token was revoked.',
  user_disabled: 'The user this token belongs to is switched off.',
  set_up_refused: 'The set-up link is used, too old or unknown.',
  forbidden: 'The permissions held do not cover this.',
  above_your_permissions: 'Nobody may grant a permission they do not hold.',
  same_origin_required: 'Only pages of the console itself may ask this.',
  not_found: 'There is nothing here, or nothing you may see.',
  method_not_allowed: 'This address does not know the method.',
  not_acceptable: 'None of the media types asked for can be served.',
  request_timeout: 'The request did not arrive in time.',
  conflict: 'What is there already does not allow this.',
  name_taken: 'The name is in use.',
  precondition_failed: 'It has changed meanwhile; read it again.',
  payload_too_large: 'The body is larger than the server takes.',
  uri_too_long: 'The address is longer than the server takes.',
  headers_too_large: 'The header fields are larger than the server takes.',
  unsupported_media_type: 'The body is in a media type the server does not read here.',
  validation_failed: 'The body is well-formed, but its values are not allowed.',
  precondition_required: 'Say in If-Match which version you mean.',
  throttled: 'Too many tries; wait and try again.',
  overloaded: 'The server is busy; wait and try again.',
  unavailable: 'The server cannot do this at the moment; try again.',
  internal_error: 'Something went wrong inside the server.',
} as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;
