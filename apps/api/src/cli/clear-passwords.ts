/** Error message for passwords in an import file. */
export const CLEAR_PASSWORDS_REFUSED =
  'passwords in clear are refused: leave them out and make a link for each user (reset-password), or give hashes (passwordHash)';
