import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  signal,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { type Problem, problemOf, problemText } from '../../core/problem';
import { Session } from '../../core/session';
import { confirmed } from '../../shared/dialogs/confirm';
import { FormError } from '../../shared/forms/form-error';
import { loadedRoles } from '../../shared/roles/role-catalogue';
import { permissionsOf, roleChoices } from '../../shared/roles/role-choice';
import { ErrorState } from '../../shared/ui/error-state';
import { RolePicker } from '../role-picker';
import { UserRoles } from '../user-roles';
import { UserEdits } from './user-edits';

/** The roles of a user, what they permit together, and what giving or taking one would mean. */
@Component({
  selector: 'app-user-access',
  imports: [MatButton, ErrorState, FormError, RolePicker, UserRoles],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-access.html',
  styleUrl: './user-access.scss',
})
export class UserAccess {
  private readonly edits = inject(UserEdits);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  readonly user = input.required<UserDto>();
  readonly changed = output<UserDto>();

  protected readonly t = injectTexts();
  protected readonly problemText = problemText;
  protected readonly canWrite = computed(() => this.session.can('users:write'));
  protected readonly maySeeRoles = computed(() => this.session.can('roles:read'));
  protected readonly catalogue = loadedRoles();
  /** The roles as the person wants them; those that the user has until they choose others. */
  protected readonly wished = linkedSignal<readonly string[]>(() => this.user().roles);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<Problem | null>(null);

  private readonly choices = computed(() =>
    roleChoices(this.catalogue.value(), this.session.me(), [...this.user().roles, ...this.wished()]),
  );
  private readonly before = computed(() => permissionsOf(this.choices(), this.user().roles));
  private readonly after = computed(() => permissionsOf(this.choices(), this.wished()));
  protected readonly given = computed(() => this.after().filter((one) => !this.before().includes(one)));
  protected readonly taken = computed(() => this.before().filter((one) => !this.after().includes(one)));
  /** Whether there is something to save. */
  readonly isChanged = computed(() => key(this.wished()) !== key(this.user().roles));
  /** What the user may do, with the roles that it comes from. */
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

  protected async save(): Promise<void> {
    if (this.isBusy() || !this.isChanged() || !(await this.mayTakeFromSelf())) {
      return;
    }
    const before = this.user();
    const after = await this.store(before, this.wished());
    if (after !== null) {
      const text = this.t().userAccess.saved(before.name);
      this.notifier.undoable(text, () => void this.store(after, before.roles));
    }
  }

  protected discard(): void {
    this.problem.set(null);
    this.wished.set(this.user().roles);
  }

  private async store(base: UserDto, roles: readonly string[]): Promise<UserDto | null> {
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

  private async mayTakeFromSelf(): Promise<boolean> {
    const taken = this.taken();
    if (taken.length === 0 || this.user().id !== this.session.me()?.id) {
      return true;
    }
    const { heading, text, after, action } = this.t().userAccess.ownQuestion;
    return confirmed(this.dialog, { heading, consequences: [text(taken.join(', ')), after], action });
  }
}

/** The same for the same roles in any order. */
function key(roles: readonly string[]): string {
  return [...roles].sort().join(' ');
}
