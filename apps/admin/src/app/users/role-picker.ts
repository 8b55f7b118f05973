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
import { roleDescription, type RoleChoice, roleChoices, rolePermits } from '../shared/roles/roles';
import { ErrorState } from '../shared/ui/states';

/** Number of roles from which on they can be searched. */
const SEARCH_MIN = 9;

/** Checkboxes for roles, each with its permissions. Roles that the user may not assign are disabled, with the reason. */
@Component({
  selector: 'app-role-picker',
  imports: [MatCheckbox, ErrorState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './role-picker.html',
  styleUrl: './role-picker.scss',
})
export class RolePicker {
  private readonly session = inject(Session);

  /** All roles the user may see. */
  readonly catalogue = input.required<Loaded<readonly RoleDto[]>>();
  /** Whether the page has a heading above, so that the legend is hidden. */
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
  protected readonly isSearchable = computed(() => this.choices().length >= SEARCH_MIN);
  protected readonly found = computed(() => {
    const text = this.search().trim().toLowerCase();
    return this.choices().filter((choice) =>
      [choice.name, roleDescription(choice, this.t()) ?? ''].some((part) =>
        part.toLowerCase().includes(text),
      ),
    );
  });

  protected aboveText({ missing }: RoleChoice): string {
    return this.t().userAccess.above(missing.join(', '));
  }

  protected set(role: string, isHeld: boolean): void {
    this.roles.update((roles) => [...roles.filter((other) => other !== role), ...(isHeld ? [role] : [])]);
  }
}
