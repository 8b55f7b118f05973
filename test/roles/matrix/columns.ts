/** Owner of the resource that an operation acts on. */
export type Owner = 'caller' | 'other' | 'administrator';

/** A column of the matrix: a caller, and the owner of the resource. */
export interface Column {
  readonly title: string;
  /** Roles of the caller; `undefined` = no credentials. */
  readonly roles: readonly string[] | undefined;
  /** Reason why the caller's credentials are invalid. */
  readonly flaw?: 'expired' | 'disabled';
  readonly owner: Owner;
  readonly holds: (permission: string) => boolean;
}

/** A role that administers users and tokens only. */
export const DELEGATE_ROLE = {
  name: 'delegate',
  permissions: ['users:read', 'users:write', 'tokens:read', 'tokens:write', 'tokens:introspect'],
};

const nothing = () => false;
const isDelegated = (permission: string) => DELEGATE_ROLE.permissions.includes(permission);

/** Callers of every operation (B13). */
export const COLUMNS: readonly Column[] = [
  { title: 'a client without credentials', roles: undefined, owner: 'other', holds: nothing },
  {
    title: 'an administrator with an expired token',
    roles: ['admin'],
    flaw: 'expired',
    owner: 'caller',
    holds: nothing,
  },
  { title: 'a disabled administrator', roles: ['admin'], flaw: 'disabled', owner: 'caller', holds: nothing },
  { title: 'a user, on their own resources', roles: ['user'], owner: 'caller', holds: nothing },
  { title: 'a user, on those of another user', roles: ['user'], owner: 'other', holds: nothing },
  {
    title: 'an auditor, on those of another user',
    roles: ['auditor'],
    owner: 'other',
    holds: (permission) => permission.endsWith(':read'),
  },
  {
    title: 'a delegate, on those of another user',
    roles: [DELEGATE_ROLE.name],
    owner: 'other',
    holds: isDelegated,
  },
  {
    title: 'a delegate, on those of an administrator',
    roles: [DELEGATE_ROLE.name],
    owner: 'administrator',
    holds: isDelegated,
  },
  {
    title: 'an administrator, on those of another user',
    roles: ['admin'],
    owner: 'other',
    holds: () => true,
  },
];
