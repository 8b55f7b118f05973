import { type RejectionTexts } from './rejection-texts.js';

/** Codes in problem details (RFC 9457), with the default `detail` of each. The list is closed. */
export const ERROR_CODES = {
  malformed_request: 'The server could not parse the request.',
  ambiguous_credentials: 'The request has two credentials of one kind, or credentials for different tokens.',
  credentials_in_url:
    'The URL contains a credential, and logs and histories keep URLs. Send it in a header field.',
  invalid_parameter: 'A query parameter is unknown or has an invalid value.',
  unauthenticated: 'The request has no valid credentials.',
  second_factor_required: 'Send a code of your second factor, or a recovery code, in X-Auth-OTP.',
  token_expired: 'The token has expired.',
  token_disabled: 'The token is disabled.',
  token_revoked: 'The token was revoked.',
  token_not_yet_valid: 'The token is not valid yet.',
  token_used_up: 'The token has reached its maximum number of uses. Ask for a new one.',
  user_disabled: 'The user of this token is disabled.',
  set_up_refused: 'The set-up link is unknown, expired or already used. Ask an administrator for a new link.',
  forbidden: 'You do not have the permission that this request requires.',
  insufficient_scope: 'The token does not have the permissions and roles that the request requires.',
  address_not_allowed: 'The token cannot be used from this address.',
  above_your_permissions: 'This requires a permission or role that you do not have.',
  token_superseded: 'A superseded secret can only read and revoke. Use the new secret.',
  step_up_required:
    'The last sign-in is too old for this. Prove again who you are with POST /auth/step-up, and repeat the request.',
  enrolment_required:
    'Your account requires a second factor. Prove it with POST /auth/step-up, or add one in My account.',
  same_origin_required: 'Only pages of the console can send this request.',
  not_found: 'The resource does not exist, or you are not allowed to see it.',
  method_not_allowed: 'This resource does not support the method.',
  not_acceptable: 'The server supports none of the media types in Accept.',
  request_timeout: 'The request did not arrive in time.',
  conflict: 'The request conflicts with the current state.',
  name_taken: 'The name is already in use.',
  role_built_in: 'A built-in role cannot be changed or deleted.',
  role_in_use: 'The role is assigned to users.',
  api_built_in: 'An API of the server itself cannot be changed or deleted.',
  api_limit: 'The server has reached the maximum number of APIs.',
  permission_in_use: 'Roles or tokens use a permission that the request deletes.',
  last_administrator: 'The last administrator must keep full access.',
  token_limit: 'The user has reached the maximum number of API tokens.',
  offer_expired: 'The offer has expired.',
  offer_claimed: 'The token of this offer was already created.',
  offer_limit: 'The maximum number of open offers is reached.',
  offer_lapsed: 'The user who approved the offer may no longer create this token.',
  count_grown: 'More items match the filter than in the dry run.',
  precondition_failed: 'The resource has changed. Fetch it and try again.',
  payload_too_large: 'The body is larger than the server accepts.',
  uri_too_long: 'The URL is longer than the server accepts.',
  headers_too_large: 'The header fields are larger than the server accepts.',
  unsupported_media_type: 'The server does not accept a body of this media type here.',
  validation_failed: 'The body is well-formed, but contains invalid values.',
  current_password_wrong: 'The current password is wrong.',
  precondition_required: 'Send the expected version in If-Match.',
  rate_limited: 'The token has reached its rate limit. Wait and try again.',
  throttled: 'Too many attempts. Wait and try again.',
  overloaded: 'The server is busy. Wait and try again.',
  unavailable: 'The server cannot handle the request at the moment. Try again later.',
  internal_error: 'The server encountered an internal error.',
} as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Remedy for the client or its operator, and an example, for each error code. Backticks mark code. */
export const PROBLEM_EXPLANATIONS: Readonly<
  Record<ErrorCode, { readonly remedy: string; readonly example: string }>
> = {
  malformed_request: {
    remedy: 'Correct the syntax. `detail` names the position or the header field.',
    example: 'A script sends a JSON body with a trailing comma.',
  },
  ambiguous_credentials: {
    remedy: 'Send one credential, in one header field. Check whether a proxy or library adds another one.',
    example: 'A client sends `X-Auth-Token`, and a proxy adds `Authorization: Bearer` with another token.',
  },
  credentials_in_url: {
    remedy:
      'Revoke the token and create a new one, because logs may contain the old one. Send the new one in `X-Auth-Token` or `Authorization`.',
    example: 'A script calls `/me?access_token=…`.',
  },
  invalid_parameter: {
    remedy: 'Correct the parameters that `errors` lists. `/docs` has the parameters of every route.',
    example: 'A script calls `/users?stat=active` instead of `/users?state=active`.',
  },
  unauthenticated: {
    remedy:
      'Check that the request has a credential, and that the token is complete: no line break, no missing characters. If you sign in with a password, check the name and the password. Otherwise sign in again, or create a new token.',
    example: 'A script reads its token from a variable that is not set, and sends an empty `X-Auth-Token`.',
  },
  second_factor_required: {
    remedy:
      'Send the current code of your authenticator app, or an unused recovery code, in `X-Auth-OTP`. Each code works once. If you have lost both, ask an administrator to remove your second factors.',
    example: 'A script of a user with a second factor signs in with name and password only.',
  },
  token_expired: {
    remedy:
      'Sign in again, or create a new API token. A client can extend a session with `POST /auth/bump` before it expires. The owner of an expired API token can often renew it with a new expiry.',
    example: 'A job still uses an API token that was created 90 days ago, with the default expiry.',
  },
  token_disabled: {
    remedy: 'Ask the owner of the token or an administrator to enable it, or use another token.',
    example: 'An administrator disabled the token of a job to find out whether anyone still uses it.',
  },
  token_revoked: {
    remedy: 'Sign in again, or create a new token. A revoked token cannot be restored.',
    example: 'A user changed the password, and another browser still has the old session.',
  },
  token_not_yet_valid: {
    remedy:
      'Wait until the time in `notBefore` of the token. If that time has passed, check the clock of the server.',
    example: 'A job uses a token today that is valid from next month.',
  },
  token_used_up: {
    remedy: 'Create a new token. Give it a higher `maxUses` if one client needs it more often.',
    example: 'A deployment runs twice with a token that has `maxUses` 1.',
  },
  user_disabled: {
    remedy: 'Ask an administrator to enable the user.',
    example: 'A service uses the token of an employee who has left.',
  },
  set_up_refused: {
    remedy: 'Ask an administrator for a new set-up link. A link works once, within 24 hours.',
    example: 'A new user opens the link from last week.',
  },
  forbidden: {
    remedy:
      'Ask an administrator for a role with the permission that `detail` names, or use a token that has it. `GET /me` returns the permissions of your token.',
    example: 'A user without the permission `users:write` calls `POST /users`.',
  },
  insufficient_scope: {
    remedy:
      'Use a token with the permissions in `X-Auth-Missing-Permissions` and the roles in `X-Auth-Missing-Roles`. If the user has them, create a token with a wider scope. Otherwise ask an administrator for a role.',
    example: 'A token with `orders:read` calls a service that requires `orders:write`.',
  },
  address_not_allowed: {
    remedy:
      'Send the request from an allowed network, or add the network to `allowedAddresses` of the token. Behind a proxy, check `LATCHKEY_TRUSTED_PROXIES` on the server.',
    example: 'The token is limited to `10.0.0.0/8`, and its owner uses it from a laptop at home.',
  },
  above_your_permissions: {
    remedy: 'Ask an administrator who has the permission or role to send the request.',
    example: 'A user with `users:write` but without the role `admin` grants this role to another user.',
  },
  token_superseded: {
    remedy: 'Replace the secret with the one that the rotation returned.',
    example: 'One of two servers still has the old secret of a rotated token, and creates a user with it.',
  },
  step_up_required: {
    remedy:
      'Send `POST /auth/step-up` with a code in `X-Auth-OTP`, with a passkey, or with `currentPassword` if you have no second factor. Then repeat the request. `LATCHKEY_FRESH_SECONDS` sets the time. Scripts use an API token with the permission instead. If your own API requires a fresh login (`fresh` or `method`), it sets the time, and API tokens are not enough.',
    example: 'An administrator who signed in this morning creates a token for another user.',
  },
  enrolment_required: {
    remedy:
      'Add a second factor in *My account*, or an authenticator app with `POST /me/second-factors/totp`. The session then works. If you already have a second factor, send its code to `POST /auth/step-up`. `LATCHKEY_SECOND_FACTOR` and `requiresSecondFactor` of roles set who needs one.',
    example: 'An administrator signs in with a password only, and the server requires a second factor.',
  },
  same_origin_required: {
    remedy: 'Send the token in `X-Auth-Token`, not in a cookie. Only the console uses the cookie.',
    example: 'A page of another site calls `/auth/session` with the cookie of the console.',
  },
  not_found: {
    remedy:
      'Check the path and the name or id. If another user can read the resource, you lack a permission for it.',
    example: 'A script reads `/tokens/{id}` of a token that was deleted after its expiry.',
  },
  method_not_allowed: {
    remedy: 'Use one of the methods in `Allow`.',
    example: 'A script sends `PUT /users/anne` instead of `PATCH /users/anne`.',
  },
  not_acceptable: {
    remedy: 'Send one of the media types that `detail` lists in `Accept`, or no `Accept`.',
    example: 'A client sends `Accept: text/plain` to `/users`.',
  },
  request_timeout: {
    remedy: 'Send the request again. If this happens often, check the network between client and server.',
    example: 'A client opens a connection, and sends only half of the header fields.',
  },
  conflict: {
    remedy: 'Read the resource again, and repeat the change if it still applies.',
    example:
      'Two administrators edit the same user, and the second sends a `version` that is no longer current.',
  },
  name_taken: {
    remedy: 'Choose another name. User names are not case-sensitive.',
    example: 'An administrator creates the user `Anne`, but a user `anne` exists.',
  },
  role_built_in: {
    remedy: 'Create a role of your own with the permissions that you need.',
    example: 'An administrator deletes the role `user`.',
  },
  role_in_use: {
    remedy: 'Remove the role from its users first. `GET /users?role=…` lists them.',
    example: 'An administrator deletes a role that three users have.',
  },
  api_built_in: {
    remedy: 'Register an API of your own for your permissions.',
    example: 'An administrator deletes the API `users`, to which `users:read` belongs.',
  },
  api_limit: {
    remedy: 'Delete an unused API, or add the permissions to an existing one.',
    example: 'A script registers an API for each of its test runs.',
  },
  permission_in_use: {
    remedy:
      'Remove the permission from the roles and tokens first. `GET /apis/{name}/usage` lists them. `?force=true` removes it from all of them.',
    example: 'An administrator deletes `orders:cancel`, and a role still contains it.',
  },
  last_administrator: {
    remedy: 'Grant the role `admin` to another user who has a password, and try again.',
    example: 'The only administrator disables their own user.',
  },
  token_limit: {
    remedy:
      'Revoke unused API tokens. The limit is `LATCHKEY_API_TOKENS_PER_USER`. If `detail` mentions a chain of tokens, sign in and create the token with your session. If it mentions rotations, rotate the token less often.',
    example: 'A job creates an API token in each run, and never revokes one.',
  },
  offer_expired: {
    remedy:
      'Ask the sender for a new claim link, or request the token again. An approved offer can be claimed once, within 24 hours.',
    example: 'A developer opens the link from last week.',
  },
  offer_claimed: {
    remedy:
      'If you claimed the token yourself, use it. If not, tell the sender immediately: someone else has the token, and the sender can revoke it.',
    example: 'Two developers open the same claim link.',
  },
  offer_limit: {
    remedy:
      'Wait until offers are claimed or expire, or revoke some: `GET /offers?state=offered` lists those of others, and `GET /me/offers` your own.',
    example: 'A script creates a claim link for the same user in each run.',
  },
  offer_lapsed: {
    remedy:
      'Ask the sender for a new claim link. A request waits for another approval. The user who approved the offer may have lost a role since.',
    example: 'An administrator sends a claim link, and is disabled before the recipient opens it.',
  },
  count_grown: {
    remedy: 'Repeat the dry run, check the items, and send the new number as `expectedCount`.',
    example: 'After the dry run of a bulk change, another user who matches the filter is created.',
  },
  precondition_failed: {
    remedy: 'Read the resource again, and send its `ETag` in `If-Match`.',
    example: 'A script changes a user with an `ETag` from yesterday.',
  },
  payload_too_large: {
    remedy: 'Send a smaller body: split bulk changes and imports into several requests.',
    example: 'A script sends the ids of 20,000 tokens in one bulk change.',
  },
  uri_too_long: {
    remedy: 'Shorten the URL, or split a long filter into several requests.',
    example: 'A script joins a thousand ids in one query.',
  },
  headers_too_large: {
    remedy: 'Remove header fields, for example cookies of other applications on the same host.',
    example: 'A browser sends 20 kB of cookies from another application on this host.',
  },
  unsupported_media_type: {
    remedy: 'Send `Content-Type: application/json`, or the media type in the documentation of the route.',
    example: '`curl -d` without `-H "Content-Type: application/json"` sends a form.',
  },
  validation_failed: {
    remedy: 'Correct the members that `errors` lists. Each entry has the path of a member and its rule.',
    example: 'A script creates a user with the password `1234`.',
  },
  current_password_wrong: {
    remedy: 'Enter your current password again. If you have lost it, ask an administrator to reset it.',
    example: 'A user changes the password while caps lock is on.',
  },
  precondition_required: {
    remedy: 'Read the resource, and send its `ETag` in `If-Match` or its `version` in the body.',
    example: 'A script sends `PATCH /users/anne` without a version.',
  },
  rate_limited: {
    remedy:
      'Wait for the seconds in `Retry-After`. If the client needs more requests, raise `rateLimit` of the token.',
    example: 'A loop without a pause calls a service with a token that allows 60 requests a minute.',
  },
  throttled: {
    remedy:
      'Wait for the seconds in `Retry-After`. Find the client that still sends the wrong password or writes too often.',
    example: 'A job signs in every second with a password that was changed yesterday.',
  },
  overloaded: {
    remedy:
      'Send the request again after the seconds in `Retry-After`. Use tokens instead of signing in for each request.',
    example: 'Hundreds of clients sign in at the same moment, and each password check takes a while.',
  },
  unavailable: {
    remedy:
      'Send the request again after the seconds in `Retry-After`. If this continues, check the database and `GET /health/ready`.',
    example: 'PostgreSQL restarts.',
  },
  internal_error: {
    remedy: 'Send the request again. If this continues, search the log of the server for the `traceId`.',
    example: 'The server has a bug. Please report it.',
  },
};

/**
 * Sentences of the server about rejections. The sentence for one of {@link DETAILED_CAUSES} applies only if
 * the error has no `detail` of its own.
 */
export const REJECTION_TEXTS: RejectionTexts = {
  causes: {
    ambiguous_credentials: ERROR_CODES.ambiguous_credentials,
    credentials_in_url: ERROR_CODES.credentials_in_url,
    invalid_query: ERROR_CODES.invalid_parameter,
    cross_origin: 'The session cookie was sent by a page of another origin.',
    no_credentials: 'The request has no credentials.',
    malformed_credentials: 'The token is damaged: its checksum is wrong.',
    unknown_secret: ({ preview }) =>
      `No token on this server has the secret${preview === undefined ? '' : ` ${preview}`}. The token was deleted after it expired or was revoked, or it belongs to another server.`,
    canary: 'The token is a canary, which the server rejects like an unknown token.',
    wrong_user: ({ user }) =>
      `X-Auth-Token names another user. The token belongs to ${user ?? 'a deleted user'}.`,
    wrong_password: 'The user name or the password is wrong.',
    second_factor_required: ERROR_CODES.second_factor_required,
    wrong_passkey: 'The passkey is not valid here. It may have been removed.',
    set_up_link_invalid: 'The set-up link was used, has expired, or is not complete.',
    account_changed: 'The account was deleted or changed during the request.',
    token_revoked: ({ time }) =>
      time === undefined
        ? 'The token was revoked, alone or with all tokens of its user.'
        : `The token was revoked at ${time}.`,
    user_disabled: ({ user }) =>
      user === undefined ? 'The user was disabled.' : `The user ${user} was disabled.`,
    token_disabled: ({ time }) =>
      time === undefined
        ? 'The token was disabled.'
        : `The token was disabled, because it was reported as leaked at ${time}.`,
    token_used_up: 'The token had no uses left.',
    token_expired: ({ time }) =>
      time === undefined ? 'The token had expired.' : `The token expired at ${time}.`,
    session_expired: 'The session had expired.',
    grace_period_over: 'A rotation replaced the secret, and its grace period is over.',
    token_not_yet_valid: ({ time }) =>
      time === undefined ? ERROR_CODES.token_not_yet_valid : `The token is valid from ${time}.`,
    address_not_allowed: ERROR_CODES.address_not_allowed,
    address_unknown: 'The token is limited to some addresses, and the address of the client is unknown.',
    rate_limited: ERROR_CODES.rate_limited,
    throttled: ERROR_CODES.throttled,
    missing_permission: ({ missing }) =>
      `The request requires ${missing.join(', ')}, which the token does not have.`,
    step_up_required:
      'The last login or step-up of the session was too long ago, or used none of the required methods.',
    enrolment_required: 'The user needs a second factor, and the session was started without one.',
    superseded_secret:
      'A rotation replaced the secret. During its grace period, the old secret can only read and revoke.',
    above_your_permissions: ERROR_CODES.above_your_permissions,
    forbidden: 'The caller is not allowed to do this.',
  },
  remedies: {
    correct_request: 'Correct the credentials in the request.',
    correct_gateway: 'Correct the query in the configuration of the gateway.',
    send_credentials: 'Log in with POST /auth/login, and send the token in X-Auth-Token.',
    correct_user:
      'Send base64(user:token) with the name of the user of the token, or Authorization: Bearer with the token alone.',
    issue_token: 'Create a new token, and replace the old one wherever it is used.',
    investigate_canary:
      'This is a canary. Find out who had access to the place that its note names, then revoke it.',
    reset_password: 'Check the name and the password, or reset the password.',
    send_code:
      'Send a new code, or a recovery code, in X-Auth-OTP. If both are lost, remove the second factors of the user.',
    use_other_factor:
      'Sign in with the password and a recovery code, or with another factor. Then remove the passkey and add it again.',
    create_set_up_link: 'Create a new set-up link.',
    enable_user: 'Enable the user.',
    enable_token: 'Enable the token.',
    rotate_token: 'Rotate the token, use the new secret where it is needed, and then enable the token.',
    renew_token: 'Set a new expiry for the token.',
    log_in: 'Log in again.',
    add_second_factor: 'The user signs in to the console and adds a second factor in My account.',
    use_new_secret: 'Use the secret from the latest rotation.',
    change_start: 'Wait until the token becomes valid, or change its start.',
    allow_address: 'Add the address to the allowed addresses of the token.',
    trust_proxy: 'Add the proxy to LATCHKEY_TRUSTED_PROXIES, and configure it to send X-Forwarded-For.',
    raise_rate_limit: 'Send fewer requests, or raise the rate limit of the token.',
    wait: 'Wait, or ask an administrator to lift the limit.',
    widen_token: 'Add the missing permissions or roles to the token.',
    grant_role: 'Give the user a role with the missing permissions.',
    register_permission: ({ unknown }) =>
      `No API has ${unknown.join(', ')}. Register the permission, or correct the gateway.`,
    ask_administrator: 'Ask an administrator who has these permissions.',
    retry: 'The cause is gone. Send the request again.',
  },
};
