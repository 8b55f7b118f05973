import {
  DISPLAY_NAME_MAX_LENGTH,
  EMAIL_MAX_LENGTH,
  FILTERED_ROLES_MAX,
  NOTE_MAX_LENGTH,
  ROLE_DESCRIPTION_MAX_LENGTH,
  ROLE_NAME_MAX_LENGTH,
  USER_NAME_MAX_LENGTH,
} from '@latchkey/auth-models/lists';

/**
 * Validation errors of forms, by rule or error code. Other errors are shown in English, as the server sends
 * them.
 */
export const fieldRules = {
  isUserName: `Use 1 to ${USER_NAME_MAX_LENGTH} letters or digits of one script. After the first, you can also use . _ - @ and +. The names “me” and “bulk” are reserved.`,
  hasAllowedCharacters:
    'Use standard letters. One of these characters is not allowed in names because it can look like another letter.',
  isEmail: 'Enter a complete e-mail address.',
  isInstant: 'Enter a date and time.',
  isSingleLine: 'Use a single line without control or invisible characters.',
  'displayName.maxLength': `Use at most ${DISPLAY_NAME_MAX_LENGTH} characters.`,
  'email.maxLength': `Use at most ${EMAIL_MAX_LENGTH} characters.`,
  'name.matches': `Use up to ${ROLE_NAME_MAX_LENGTH} lower-case letters, digits and hyphens, starting with a letter.`,
  'permission.matches': 'Enter a permission, such as orders:read.',
  'role.matches': `Enter up to ${FILTERED_ROLES_MAX} role names, separated by commas.`,
  'address.maxLength': 'Use at most 64 characters.',
  'traceId.maxLength': 'Use at most 64 characters.',
  code_wrong: 'The code is wrong. Check the clock of your device, and enter the next code.',
  isNetwork: 'Enter IPv4 or IPv6 addresses and networks, such as 192.0.2.7 or 2001:db8::/32.',
  isMetadata: 'Enter a JSON object of at most 2 KiB.',
  arrayUnique: 'This name is already in the list.',
  webhook_url:
    'Use a URL that starts with https://, without user name, password and #. http:// is only for receivers on the server itself. Addresses of Latchkey are not allowed.',
  unknown_api: 'There is no API with this name.',
  unknown_user: 'There is no user with this name.',
  isUserOrAddress: 'Enter the name of a user or an e-mail address.',
  'types.arrayMinSize': 'Select at least one type of event.',
  'addresses.required': 'Enter an address, or send to the users concerned.',
  'addresses.arrayMaxSize': 'Enter at most 20 addresses.',
  'addresses.arrayUnique': 'An address is listed twice.',
  'addresses.isEmail': 'Enter complete e-mail addresses, one per line.',
  'api.matches': 'Enter the name of an API, such as orders.',
  'url.maxLength': 'Use at most 2,048 characters.',
  reserved_name: 'Latchkey uses this name itself. Choose another one.',
  'description.maxLength': `Use at most ${ROLE_DESCRIPTION_MAX_LENGTH} characters.`,
  'note.maxLength': `Use at most ${NOTE_MAX_LENGTH} characters.`,
} as Readonly<Record<string, string>>;
