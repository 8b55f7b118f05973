import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { type FormControl, ReactiveFormsModule } from '@angular/forms';
import { MatCheckbox } from '@angular/material/checkbox';
import type { EventType } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { controlError } from '../../shared/forms/field-error';
import { TYPE_GROUPS } from './target-facts';

const GROUPS = Object.entries<readonly EventType[]>(TYPE_GROUPS).map(([name, types]) => ({
  name: name as keyof typeof TYPE_GROUPS,
  types,
}));

/** Checkboxes for the types of events, with a description each. */
@Component({
  selector: 'app-type-picker',
  imports: [MatCheckbox, ReactiveFormsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <fieldset tabindex="-1" aria-describedby="types-error" [class.ng-invalid]="control().invalid">
      <legend>{{ t().events.form.types }}</legend>
      <p id="types-error" class="error" role="alert">{{ error() }}</p>
      @for (group of groups; track group.name) {
        <h3 class="small-title" [id]="'types-' + group.name">{{ t().events.typeGroups[group.name] }}</h3>
        <div class="types" role="group" [attr.aria-labelledby]="'types-' + group.name">
          @for (type of group.types; track type) {
            <mat-checkbox
              class="explained flush"
              [checked]="control().value.includes(type)"
              (change)="toggle(type, $event.checked)"
            >
              <strong>{{ t().events.types[type].label }}</strong>
              <span class="second-line">{{ t().events.types[type].text }}</span>
            </mat-checkbox>
          }
        </div>
      }
    </fieldset>
  `,
  styles: `
    h3 {
      margin-top: var(--space-3);
      color: var(--mat-sys-on-surface-variant);
    }
    .types {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(280px, 100%), 1fr));
      gap: var(--space-1) var(--space-6);
    }
    .error {
      color: var(--mat-sys-error);
      font-size: 0.75rem;
    }
    .error:empty {
      display: none;
    }
  `,
})
export class TypePicker {
  readonly control = input.required<FormControl<readonly EventType[]>>();

  protected readonly t = injectTexts();
  protected readonly groups = GROUPS;
  private readonly problem = controlError(() => this.control());

  protected error(): string | null {
    const problem = this.problem();
    return this.control().touched ? problem : null;
  }

  protected toggle(type: EventType, isChecked: boolean): void {
    const control = this.control();
    const others = control.value.filter((other) => other !== type);
    control.setValue(isChecked ? [...others, type] : others);
    control.markAsDirty();
    control.markAsTouched();
  }
}
