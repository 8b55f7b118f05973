import {
  booleanAttribute,
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  model,
} from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatRadioModule } from '@angular/material/radio';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { loaded } from '../../shared/loaded';
import { knownGroups, PermissionCatalogue } from '../../shared/permissions/permission-groups';
import { PermissionPicker } from '../../shared/permissions/permission-picker';
import { mayGrant, roleDescription, type RoleChoice } from '../../shared/roles/roles';
import { ownerGrants } from './owner-grants';
import { EVERYTHING, NOTHING, scopeKind, type TokenScope } from './token-scope';

/** Choice of the scope of a token: all roles and permissions of its owner, or only selected ones. */
@Component({
  selector: 'app-scope-picker',
  imports: [MatCheckbox, MatRadioModule, PermissionPicker, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './scope-picker.html',
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-4);
    }
    code {
      font-weight: 600;
    }
    .reason {
      color: var(--app-accent);
    }
    .roles mat-radio-group {
      margin-top: var(--space-3);
    }
  `,
})
export class ScopePicker {
  private readonly catalogue = inject(PermissionCatalogue);
  private readonly session = inject(Session);

  /** Name of the token's owner. */
  readonly owner = input.required<string>();
  readonly scope = model.required<TokenScope>();
  /** Whether the tokens will have other owners, so that `owner` only decides what can be chosen. */
  readonly isAnyOwner = input(false, { transform: booleanAttribute });

  protected readonly t = injectTexts();
  protected readonly roleDescription = roleDescription;
  protected readonly isLimited = computed(() => {
    const { permissions, roles } = this.scope();
    return permissions !== null || roles !== null;
  });
  private readonly holdings = ownerGrants(computed(() => (this.isLimited() ? this.owner() : '')));
  private readonly known = loaded(
    () => (this.isLimited() ? 'permissions' : null),
    () => this.catalogue.all(),
  );
  private readonly isOwn = computed(() => this.owner() === this.session.user()?.name);
  private readonly ownerName = computed(() =>
    this.owner() === '' || this.isAnyOwner() ? this.t().newToken.scope.theOwner : this.owner(),
  );
  protected readonly isLoading = computed(
    () => this.known.value() === undefined && this.known.problem() === null,
  );
  protected readonly groups = computed(
    () => this.known.value() ?? knownGroups(this.session.user(), this.scope().permissions ?? []),
  );
  /** Roles to choose from: those of the owner, and those that the token already has. */
  protected readonly roles = computed((): { choice: RoleChoice; reason: string | null }[] => {
    const held = this.holdings().roles ?? [];
    const others = (this.scope().roles ?? []).filter((name) => !held.some((role) => role.name === name));
    return [
      ...held.map((choice) => ({ choice, reason: this.reasonForRole(choice) })),
      ...others.map((name) => ({
        choice: { name, description: null, permissions: null, isBuiltIn: false, missing: [] },
        reason: this.notOwners(),
      })),
    ];
  });
  protected readonly canSeeUsers = this.session.can('users:read');
  /** Whether there is nothing to select, because the owner has no permissions. */
  protected readonly ownerHasNone = computed(
    () =>
      !this.isAnyOwner() && this.holdings().permissions?.size === 0 && this.scope().permissions?.length === 0,
  );
  protected readonly seesRoles = computed(() => this.holdings().roles !== null);
  protected readonly everything = computed(() => this.t().newToken.scope.everything(this.ownerName()));
  protected readonly sentence = computed(() =>
    this.t().newToken.scope.sentences[scopeKind(this.scope())](this.ownerName()),
  );
  protected readonly reasonFor = (permission: string): string | null => {
    const held = this.holdings().permissions;
    if (held !== null && !held.has(permission)) {
      return this.notOwners();
    }
    return mayGrant(this.session.user(), permission) ? null : this.t().picker.notYours;
  };

  protected limit(isLimited: boolean): void {
    this.scope.set(isLimited ? NOTHING : EVERYTHING);
  }

  protected isChosen(role: string): boolean {
    return this.scope().roles?.includes(role) ?? true;
  }

  protected chooseRole(name: string, isChosen: boolean): void {
    this.scope.update(({ permissions, roles }) => {
      const others = (roles ?? this.roles().map(({ choice }) => choice.name)).filter((role) => role !== name);
      const chosen = isChosen ? [...others, name] : others;
      // Without roles, there are no permissions of roles.
      return { roles: chosen, permissions: chosen.length === 0 ? (permissions ?? []) : permissions };
    });
  }

  protected limitPermissions(isLimited: boolean): void {
    this.scope.update(({ roles }) => ({ roles, permissions: isLimited ? [] : null }));
  }

  protected choosePermissions(permissions: readonly string[]): void {
    this.scope.update(({ roles }) => ({ roles, permissions }));
  }

  private reasonForRole({ missing }: RoleChoice): string | null {
    return missing.length === 0 || this.isOwn() ? null : this.t().newToken.scope.missing(missing.join(', '));
  }

  private notOwners(): string {
    const { notYours, notOwners } = this.t().picker;
    return this.isOwn() ? notYours : notOwners(this.ownerName());
  }
}
