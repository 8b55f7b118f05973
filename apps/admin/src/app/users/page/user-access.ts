import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  output,
  signal,
  untracked,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import type { UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { type Problem, problemOf, problemText } from '../../core/problem';
import { Session } from '../../core/session';
import { confirmed } from '../../shared/dialogs/confirm';
import { FormError } from '../../shared/forms/form-error';
import { GrantLink } from '../../shared/permissions/grant-link';
import { loadedRoles, permissionsOf, roleChoices } from '../../shared/roles/roles';
import { ErrorState } from '../../shared/ui/states';
import { RolePicker } from '../role-picker';
import { UserRoles } from '../user-labels';
import { UserEdits } from './user-edits';

/** Roles of a user, the permissions they grant, and the effect of changing them. */
@Component({
  selector: 'app-user-access',
  imports: [MatButton, ErrorState, FormError, GrantLink, RolePicker, UserRoles],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-access.html',
  styles: `
    section > p {
      margin: var(--space-1) 0 var(--space-4);
    }
    ul {
      margin-top: var(--space-2);
    }
    .outcome {
      min-height: 20px;
      margin: var(--space-3) 0;
    }
    app-form-error {
      margin-bottom: var(--space-3);
    }
    li {
      display: flex;
      flex-wrap: wrap;
      justify-content: space-between;
      gap: var(--space-half) var(--space-4);
      padding: var(--space-1) 0;
      font-size: 0.8125rem;
    }
  `,
})
export class UserAccess {
  private readonly edits = inject(UserEdits);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  readonly user = input.required<UserDto>();
  /** Permissions and roles that the user needs, separated by spaces. Suggests a role that grants them. */
  readonly grant = input('');
  readonly changed = output<UserDto>();

  protected readonly t = injectTexts();
  protected readonly problemText = problemText;
  protected readonly canWrite = computed(() => this.session.can('users:write'));
  protected readonly maySeeRoles = computed(() => this.session.can('roles:read'));
  protected readonly catalogue = loadedRoles();
  /** The roles of the user, and until they change the suggested one. */
  private readonly initial = linkedSignal<readonly string[]>(() => this.user().roles);
  protected readonly selected = linkedSignal(() => this.initial());
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<Problem | null>(null);

  private readonly choices = computed(() =>
    roleChoices(this.catalogue.value(), this.session.user(), [...this.user().roles, ...this.selected()]),
  );
  private readonly before = computed(() => permissionsOf(this.choices(), this.user().roles));
  private readonly after = computed(() => permissionsOf(this.choices(), this.selected()));
  protected readonly added = computed(() => this.after().filter((one) => !this.before().includes(one)));
  protected readonly removed = computed(() => this.before().filter((one) => !this.after().includes(one)));
  protected readonly canSave = computed(() => key(this.selected()) !== key(this.user().roles));
  /** The suggested role, while it is selected. */
  protected readonly byLink = computed(() =>
    this.selected().find((name) => this.initial().includes(name) && !this.user().roles.includes(name)),
  );
  /** Whether there are unsaved changes by the user. A suggested role alone is none. */
  readonly isChanged = computed(() => this.canSave() && key(this.selected()) !== key(this.initial()));
  /** Permissions of the user, with the roles that grant them. */
  protected readonly effective = computed(() =>
    this.before().map((permission) => ({
      permission,
      roles: this.choices()
        .filter(
          ({ name, permissions }) => this.user().roles.includes(name) && permissions?.includes(permission),
        )
        .map(({ name }) => name)
        .join(', '),
    })),
  );

  constructor() {
    const router = inject(Router);
    effect(() => {
      if (this.grant() !== '' && (!this.maySeeRoles() || this.catalogue.value() !== undefined)) {
        untracked(() => {
          const role = this.suggested();
          if (role !== null) {
            this.initial.update((roles) => [...roles, role]);
          }
          // Otherwise a reload, or Undo, would suggest the role again.
          const queryParams = { grant: null };
          void router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
        });
      }
    });
  }

  protected async save(): Promise<void> {
    if (this.isBusy() || !this.canSave() || !(await this.mayLosePermissions())) {
      return;
    }
    const before = this.user();
    const after = await this.send(before, this.selected());
    if (after !== null) {
      const text = this.t().userAccess.saved(before.name);
      this.notifier.undoable(text, () => void this.send(after, before.roles));
    }
  }

  protected discard(): void {
    this.problem.set(null);
    this.initial.set(this.user().roles);
    this.selected.set(this.user().roles);
  }

  /** Returns the role that grants what the user lacks and the fewest other permissions. */
  private suggested(): string | null {
    const { roles } = this.user();
    const lacking = this.grant()
      .split(' ')
      .filter((one) => !roles.includes(one) && !this.before().includes(one));
    if (!this.canWrite() || lacking.length === 0) {
      return null;
    }
    const [smallest] = roleChoices(this.catalogue.value() ?? [], this.session.user())
      .filter(
        ({ name, permissions, missing }) =>
          missing.length === 0 && lacking.every((one) => one === name || permissions?.includes(one)),
      )
      .sort((one, other) => (one.permissions?.length ?? 0) - (other.permissions?.length ?? 0));
    return smallest?.name ?? null;
  }

  private async send(base: UserDto, roles: readonly string[]): Promise<UserDto | null> {
    this.isBusy.set(true);
    this.problem.set(null);
    try {
      const saved = await this.edits.save(base, { roles: [...roles] });
      if (saved !== null) {
        this.changed.emit(saved);
      }
      return saved;
    } catch (error) {
      this.problem.set(problemOf(error));
      return null;
    } finally {
      this.isBusy.set(false);
    }
  }

  private async mayLosePermissions(): Promise<boolean> {
    const removed = this.removed();
    if (removed.length === 0 || this.user().id !== this.session.user()?.id) {
      return true;
    }
    const { heading, text, after, action } = this.t().userAccess.ownQuestion;
    return confirmed(this.dialog, { heading, consequences: [text(removed.join(', ')), after], action });
  }
}

/** Returns a key that does not depend on the order of roles. */
function key(roles: readonly string[]): string {
  return [...roles].sort().join(' ');
}
