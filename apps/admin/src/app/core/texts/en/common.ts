import {
  BUILT_IN_PERMISSIONS,
  BUILT_IN_ROLES,
  type BuiltInPermission,
  type BuiltInRole,
} from '@latchkey/auth-models/lists';

export const common = {
  cancel: 'Cancel',
  close: 'Close',
  typeToConfirm: (text: string) => `Type ${text} to confirm`,
  done: 'Done',
  save: 'Save',
  saving: 'Saving…',
  undo: 'Undo',
  retry: 'Try again',
  tryAgainIn: (clock: string) => `Try again in ${clock}`,
  tryAgainNow: 'You can try again now.',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'The browser blocked copying. Select the text and copy it yourself.',
  loading: 'Loading',
  never: 'never',
  none: 'none',
  noPermissions: 'No permissions',
  creating: 'Creating…',
  change: 'Change',
  saveChanges: 'Save changes',
  delete: 'Delete',
  created: (name: string) => `${name} created.`,
  deleted: (name: string) => `${name} deleted.`,
  saved: (name: string) => `${name} saved.`,
  name: 'Name',
  description: 'Description',
  edit: 'Edit',
  raw: 'Raw JSON',
  justNow: 'just now',
  trace: 'Trace ID',
  product: {
    starting: 'Latchkey is starting',
    unreachable: 'Latchkey is not responding',
    claim: ['Logins and tokens', 'for your APIs.'].join('\n'),
  },
  notFound: {
    text: 'The address is wrong, or the page was removed.',
    action: 'Go to the home page',
  },
  forbidden: {
    heading: 'No access to this page',
    text: (permission: string) =>
      `It requires the permission ${permission}. Ask an administrator for a role that grants it.`,
  },
  password: {
    show: 'Show password',
    hide: 'Hide password',
    label: 'Password',
    again: 'Confirm password',
  },
  discard: {
    heading: 'Discard your input?',
    text: 'What you entered in this dialog will be lost.',
    action: 'Discard',
  },
  leaveUnsaved: {
    heading: 'Leave without saving?',
    text: 'Your changes on this page will be lost.',
    action: 'Leave',
  },
};

/** Names of pages, for the navigation and the browser's title. */
export const pages = {
  title: (page: string) => `${page} · Latchkey`,
  navigation: 'Main',
  more: 'More',
  morePages: 'More pages',
  skip: 'Skip to content',
  signIn: 'Sign in',
  home: 'Home',
  users: 'Users',
  user: 'User',
  tokens: 'Tokens',
  token: 'Token',
  newToken: 'New token',
  newCanary: 'New canary',
  offers: 'Hand out a token',
  roles: 'Roles',
  role: 'Role',
  apis: 'APIs',
  api: 'API',
  audit: 'Audit trail',
  rejections: 'Rejections',
  settings: 'Settings',
  account: 'My account',
  notFound: 'Page not found',
  forbidden: 'No access',
};

/** Descriptions of built-in permissions and roles. Feature modules describe their own permissions. */
export const permissions = {
  sentences: BUILT_IN_PERMISSIONS as Readonly<Record<BuiltInPermission, string>>,
  roles: BUILT_IN_ROLES as Readonly<Record<BuiltInRole, string>>,
};

export const shortcuts = {
  heading: 'Keyboard shortcuts',
  control: 'Ctrl',
  search: 'Search',
  palette: 'Search and commands',
};
