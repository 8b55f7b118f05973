import { HttpClient } from '@angular/common/http';
import { computed, inject, type Signal } from '@angular/core';
import type { UserDto } from '@latchkey/auth-models';
import { Session } from '../../core/session';
import { loaded } from '../../shared/loaded';
import { loadedRoles, permissionsOf, type RoleChoice, roleChoices } from '../../shared/roles/roles';

/** Roles and permissions of the owner of a token. */
export interface OwnerGrants {
  /** Roles of the owner; `null` if the user may not see them. */
  readonly roles: readonly RoleChoice[] | null;
  /** Permissions of the owner; `null` if the user may not see them. */
  readonly permissions: ReadonlySet<string> | null;
}

/** Reads the roles and permissions of the owner of a token, as far as the user may see them. */
export function ownerGrants(owner: Signal<string>): Signal<OwnerGrants> {
  const http = inject(HttpClient);
  const session = inject(Session);
  const catalogue = loadedRoles();
  const isOwn = computed(() => owner() === session.user()?.name);
  const user = loaded(
    () => (isOwn() || owner() === '' || !session.can('users:read') ? null : owner()),
    (name) => http.get<UserDto>(`/users/${encodeURIComponent(name)}`),
  );
  return computed(() => {
    const me = session.user();
    const names = (isOwn() ? me : user.value())?.roles;
    if (names === undefined) {
      return { roles: null, permissions: null };
    }
    const choices = roleChoices(catalogue.value(), me, names).filter(({ name }) => names.includes(name));
    const isKnown = choices.every(({ permissions }) => permissions !== null);
    const held = isOwn() ? me?.permissions : isKnown ? permissionsOf(choices, names) : undefined;
    return { roles: choices, permissions: held ? new Set(held) : null };
  });
}
