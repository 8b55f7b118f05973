/** Error message for passwords in an import file. */
export const CLEAR_TEXT_PASSWORDS_REJECTED =
  'clear-text passwords are not accepted: omit them and create a link for each user (reset-password), or use hashes (passwordHash)';
