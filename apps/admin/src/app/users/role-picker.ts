import {
  booleanAttribute,
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  model,
  signal,
} from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import type { RoleDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import type { Loaded } from '../shared/loaded';
import { roleDescription } from '../shared/roles/permission-text';
import { type RoleChoice, roleChoices, rolePermits } from '../shared/roles/role-choice';
import { ErrorState } from '../shared/ui/error-state';

/** From so many roles on, they can be searched. */
const MANY = 9;

/** The roles to choose from, each with what it permits; those above the person cannot be chosen, and say why. */
@Component({
  selector: 'app-role-picker',
  imports: [MatCheckbox, ErrorState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './role-picker.html',
  styleUrl: './role-picker.scss',
})
export class RolePicker {
  private readonly session = inject(Session);

  /** All roles that there are, as far as the person may see them. */
  readonly catalogue = input.required<Loaded<readonly RoleDto[]>>();
  /** Whether a heading above says what this is. */
  readonly hasHeading = input(false, { transform: booleanAttribute });
  readonly roles = model.required<readonly string[]>();

  protected readonly t = injectTexts();
  protected readonly search = signal('');
  protected readonly roleDescription = roleDescription;
  protected readonly rolePermits = rolePermits;
  protected readonly isLoading = computed(
    () => this.catalogue().isLoading() && this.catalogue().value() === undefined,
  );
  private readonly choices = computed(() =>
    roleChoices(this.catalogue().value(), this.session.me(), this.roles()),
  );
  protected readonly isSearchable = computed(() => this.choices().length >= MANY);
  protected readonly found = computed(() => {
    const text = this.search().trim().toLowerCase();
    return this.choices().filter((choice) =>
      [choice.name, roleDescription(choice, this.t()) ?? ''].some((part) =>
        part.toLowerCase().includes(text),
      ),
    );
  });

  protected aboveText({ above }: RoleChoice): string {
    return this.t().userAccess.above(above.join(', '));
  }

  protected set(role: string, isHeld: boolean): void {
    this.roles.update((roles) => [...roles.filter((other) => other !== role), ...(isHeld ? [role] : [])]);
  }
}
