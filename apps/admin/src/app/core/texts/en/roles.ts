import { counting } from '../counting';

const count = counting('en');

export const roles = {
  heading: 'Roles',
  lede: 'Names for what people and services may do.',
  search: 'Search name or description',
  count: (total: number) => count(total, 'role', 'roles'),
  create: 'New role',
  empty: { heading: 'No roles', text: 'Make one, and give it to those who need it.' },
  columns: {
    name: 'Role',
    permissions: 'Permissions',
    isBuiltIn: 'Kind',
    userCount: 'Held by',
    creationTime: 'Created',
  },
  sorts: {
    name: 'Name, A to Z',
    '-name': 'Name, Z to A',
    description: 'Description, A to Z',
    '-isBuiltIn': 'Built in first',
    isBuiltIn: 'Your own first',
    '-userCount': 'Most users first',
    '-creationTime': 'Newest first',
  },
  kinds: { true: 'Built in', false: 'Own' },
  everything: 'Everything',
  label: 'A label only',
  more: (hidden: number) => `+${hidden}`,
  holders: (users: number) => count(users, 'user', 'users'),
  noHolders: 'nobody',
  page: {
    back: 'All roles',
    heldBy: 'Held by',
    description: 'Description',
    noDescription: 'Nobody said what this role is for.',
    copy: 'Make a role like this',
    delete: 'Delete',
    save: 'Save changes',
    saved: (name: string) => `${name} is saved. It counts from its holders’ next request on.`,
    unsaved: 'Changes that are not saved',
    discard: 'Discard',
    raw: 'Raw JSON',
    deleted: (name: string) => `${name} is deleted`,
    inUse: (name: string, users: number) =>
      `${count(users, 'user holds', 'users hold')} the role ${name}. Take it from them first, then delete it.`,
    showHolders: 'Show them',
  },
  readOnly: {
    builtIn: 'This role is built in: every server has it, and nobody can change or delete it.',
    noWrite: 'You may look at roles but not change them: that takes roles:write.',
    above: (permissions: string) =>
      `This role gives ${permissions}. You do not hold that yourself, so you cannot change the role.`,
  },
  form: {
    heading: 'New role',
    lede: 'Tick what its holders may do, or nothing for a label.',
    name: 'Name',
    nameHint: 'Lower-case letters, digits and hyphens. Services see it, and it can never change.',
    description: 'Description',
    descriptionHint: 'What it is for, in a sentence.',
    action: 'Create role',
    sending: 'Creating…',
    created: (name: string) => `${name} is created`,
  },
  grid: {
    heading: 'Permissions',
    resource: 'Resource',
    missing: 'no such permission',
    above: 'You do not hold this yourself, and nobody gives what they do not hold.',
    someAbove: 'What you do not hold yourself cannot be ticked: nobody gives what they do not hold.',
  },
  meaning: {
    heading: 'What this allows',
    besides: 'Besides their own account and tokens, whoever holds this role may:',
    label:
      'Nothing that others may not: this role is a label. Services behind this server see it in X-Auth-Roles and decide for themselves what it means.',
    warnings: {
      administrator: 'Everything there is: whoever holds it is an administrator.',
      everything:
        'Everything there is at present: whoever holds it is an administrator. What feature modules add later is not in it; the role admin gets that too.',
      password: 'Can act for everybody who may do no more than they: by giving them a new password.',
      token: 'Can act for everybody who may do no more than they: by making a token in their name.',
      passwordOrToken:
        'Can act for everybody who may do no more than they: by giving them a new password, or by making a token in their name.',
      roles: 'Can change what others may do, with every permission that they hold themselves.',
    },
    unseen: (resource: string) =>
      `Without ${resource}:read they change ${resource} that they cannot see, and the console shows them none.`,
  },
};
