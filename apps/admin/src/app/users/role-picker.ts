import { ChangeDetectionStrategy, Component, computed, inject, input, model, signal } from '@angular/core';
import { MatAutocompleteModule } from '@angular/material/autocomplete';
import { MatChipsModule } from '@angular/material/chips';
import { MatFormFieldModule } from '@angular/material/form-field';
import type { RoleDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import type { Loaded } from '../shared/loaded';
import { roleChoices, roleDescription, rolePermits } from '../shared/roles/roles';
import { Icon } from '../shared/ui/icon';
import { ErrorState } from '../shared/ui/states';

/**
 * Field with the assigned roles as chips, which finds others by name, description and permission. Roles that
 * the user may neither assign nor remove are disabled, with the reason.
 */
@Component({
  selector: 'app-role-picker',
  imports: [ErrorState, Icon, MatAutocompleteModule, MatChipsModule, MatFormFieldModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './role-picker.html',
  styles: `
    :host,
    mat-form-field,
    mat-option .second-line {
      display: block;
    }
    .chips {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      column-gap: var(--space-2);
    }
    mat-option {
      padding-block: var(--space-2);
    }
    .above {
      color: var(--app-accent);
    }
    p {
      margin-top: var(--space-2);
    }
  `,
})
export class RolePicker {
  private readonly session = inject(Session);

  /** All roles the user may see. */
  readonly catalogue = input.required<Loaded<readonly RoleDto[]>>();
  readonly roles = model.required<readonly string[]>();

  protected readonly t = injectTexts();
  protected readonly search = signal('');
  protected readonly roleDescription = roleDescription;
  protected readonly rolePermits = rolePermits;
  protected readonly isLoading = computed(
    () => this.catalogue().isLoading() && this.catalogue().value() === undefined,
  );
  private readonly choices = computed(() =>
    roleChoices(this.catalogue().value(), this.session.user(), this.roles()),
  );
  protected readonly assigned = computed(() => {
    const known = this.isLoading() ? [] : this.choices();
    return this.roles().map((name) => known.find((choice) => choice.name === name) ?? { name, missing: [] });
  });
  protected readonly locked = computed(() => this.assigned().filter(({ missing }) => missing.length > 0));
  protected readonly found = computed(() => {
    const text = this.search().trim().toLowerCase();
    return this.choices().filter(
      (choice) =>
        !this.roles().includes(choice.name) &&
        [choice.name, roleDescription(choice, this.t()) ?? '', ...(choice.permissions ?? [])].some((part) =>
          part.toLowerCase().includes(text),
        ),
    );
  });

  protected set(role: string, isHeld: boolean): void {
    this.roles.update((roles) => [...roles.filter((other) => other !== role), ...(isHeld ? [role] : [])]);
  }
}
