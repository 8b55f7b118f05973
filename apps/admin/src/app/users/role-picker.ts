import { ChangeDetectionStrategy, Component, model } from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import { BUILT_IN_ROLES, type BuiltInRole } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';

/** The built-in roles to choose from, each with what it permits. */
@Component({
  selector: 'app-role-picker',
  imports: [MatCheckbox],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <fieldset>
      <legend>{{ t().users.form.roles }}</legend>
      @for (choice of choices; track choice.role) {
        <mat-checkbox
          [checked]="roles().includes(choice.role)"
          [aria-describedby]="'role-' + choice.role"
          (change)="set(choice.role, $event.checked)"
        >
          {{ choice.role }}
        </mat-checkbox>
        <p [id]="'role-' + choice.role">{{ choice.description }}</p>
      }
    </fieldset>
  `,
  styles: `
    fieldset {
      display: grid;
      grid-template-columns: auto 1fr;
      align-items: center;
      margin: 0;
      padding: 6px 14px 8px 4px;
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: 10px;
    }
    legend {
      margin-left: 8px;
      padding: 0 4px;
      color: var(--mat-sys-on-surface-variant);
      font: var(--mat-sys-body-small);
    }
    p {
      margin: 0 0 0 16px;
      color: var(--mat-sys-on-surface-variant);
      font: var(--mat-sys-body-small);
    }
  `,
})
export class RolePicker {
  protected readonly t = injectTexts();
  readonly roles = model.required<readonly BuiltInRole[]>();

  protected readonly choices = (Object.keys(BUILT_IN_ROLES) as BuiltInRole[]).map((role) => ({
    role,
    description: BUILT_IN_ROLES[role],
  }));

  protected set(role: BuiltInRole, isHeld: boolean): void {
    this.roles.update((roles) => [...roles.filter((other) => other !== role), ...(isHeld ? [role] : [])]);
  }
}
