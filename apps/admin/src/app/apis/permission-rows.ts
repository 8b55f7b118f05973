import { ChangeDetectionStrategy, Component, ElementRef, inject, input } from '@angular/core';
import { FormArray, FormControl, FormGroup, type ValidatorFn, Validators } from '@angular/forms';
import { MatButton, MatIconButton } from '@angular/material/button';
import { ApiPermissionDto } from '@latchkey/auth-models';
import { isPermission, PERMISSIONS_PER_API_MAX } from '@latchkey/auth-models/lists';
import { injectTexts } from '../core/language';
import { dtoField } from '../shared/forms/dto-field';
import { toErrors } from '../shared/forms/field-error';
import { TextField } from '../shared/forms/text-field';
import { Icon } from '../shared/ui/icon';

/**
 * Permission in a form. The name is its action, such as `read`; the field is disabled for an existing
 * permission.
 */
export type PermissionRow = FormGroup<{ name: FormControl<string>; description: FormControl<string> }>;

/** Creates a row for a permission, or for a new one. */
export function permissionRow(permission?: ApiPermissionDto): PermissionRow {
  const action = permission?.name.split(':')[1] ?? '';
  return new FormGroup({
    name: new FormControl(
      { value: action, disabled: permission !== undefined },
      { nonNullable: true, validators: [Validators.required, isAction, isUnique] },
    ),
    description: new FormControl(permission?.description ?? '', {
      nonNullable: true,
      validators: [Validators.required, dtoField(ApiPermissionDto, 'description')],
    }),
  });
}

/** Returns the permissions of an API's rows. */
export function permissionsIn(api: string, rows: FormArray<PermissionRow>): ApiPermissionDto[] {
  return rows.getRawValue().map(({ name, description }) => ({
    name: `${api}:${name}`,
    description: description.trim(),
  }));
}

const isAction: ValidatorFn = ({ value }) =>
  value === '' || isPermission(`api:${value}`) ? null : toErrors({ rules: ['name.matches'], message: '' });

const isUnique: ValidatorFn = (control) => {
  const rows = control.parent?.parent as FormArray<PermissionRow> | null;
  const alike = rows?.controls.filter(({ controls }) => controls.name.value === control.value) ?? [];
  return alike.length > 1 ? toErrors({ rules: ['arrayUnique'], message: '' }) : null;
};

/** Fields for the permissions of an API: a name, and a description. */
@Component({
  selector: 'app-permission-rows',
  imports: [Icon, MatButton, MatIconButton, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <fieldset>
      <legend>{{ t().picker.label }}</legend>
      <p class="second-line">{{ t().apis.form.permissionsHint }}</p>
      <ul>
        @for (row of rows().controls; track row) {
          @let name = nameOf(row);
          <li>
            @if (row.controls.name.disabled) {
              <code class="name">{{ name }}</code>
            } @else {
              <app-text-field
                isName
                class="name"
                [control]="row.controls.name"
                [label]="t().apis.form.permission"
                [prefix]="api() && api() + ':'"
              />
            }
            <app-text-field
              [control]="row.controls.description"
              [label]="t().apis.form.sentence"
              [fullName]="name === null ? null : t().apis.form.of(t().apis.form.sentence, name)"
            />
            <button
              matIconButton
              type="button"
              [attr.aria-label]="name === null ? t().apis.form.removeNew : t().apis.form.remove(name)"
              (click)="remove($index)"
            >
              <app-icon name="trash" />
            </button>
          </li>
        } @empty {
          <li class="quiet">{{ t().apis.form.none }}</li>
        }
      </ul>
      <button
        matButton="tonal"
        type="button"
        disabledInteractive
        [disabled]="rows().length >= max"
        (click)="append()"
      >
        <app-icon matButtonIcon name="plus" />{{ t().apis.form.add }}
      </button>
    </fieldset>
  `,
  styles: `
    ul {
      margin: var(--space-3) 0;
    }
    li {
      display: grid;
      grid-template-columns: minmax(180px, 2fr) minmax(0, 3fr) auto;
      align-items: start;
      gap: var(--space-2) var(--space-3);
      padding: var(--space-2) 0;
    }
    /* Centers the button beside the field, which is taller. */
    li button {
      margin-top: var(--space-2);
    }
    code {
      align-self: center;
      overflow-wrap: anywhere;
      font-weight: 600;
    }
    @media (width < 53.75em) {
      li {
        grid-template-columns: minmax(0, 1fr) auto;
        padding: var(--space-3) 0;
      }
      li + li {
        border-top: 1px solid var(--mat-sys-outline-variant);
      }
      .name {
        grid-column: 1 / -1;
      }
    }
  `,
})
export class PermissionRows {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  /** Name of the API, the first part of each permission. */
  readonly api = input.required<string>();
  readonly rows = input.required<FormArray<PermissionRow>>();

  protected readonly t = injectTexts();
  protected readonly max = PERMISSIONS_PER_API_MAX;

  /** Returns the name of a permission; `null` while it has none. */
  protected nameOf({ controls }: PermissionRow): string | null {
    return controls.name.value === '' ? null : `${this.api()}:${controls.name.value}`;
  }

  protected append(): void {
    this.rows().push(permissionRow());
    this.validateNames();
    this.focus('li:last-child input');
  }

  protected remove(index: number): void {
    this.rows().removeAt(index);
    this.rows().markAsDirty();
    this.validateNames();
    const next = Math.min(index + 1, this.rows().length);
    this.focus(next === 0 ? 'fieldset > button' : `li:nth-child(${next}) button`);
  }

  /** Validates all names, because each must be unique. */
  private validateNames(): void {
    this.rows().controls.forEach(({ controls }) => controls.name.updateValueAndValidity());
  }

  private focus(selector: string): void {
    setTimeout(() => this.host.querySelector<HTMLElement>(selector)?.focus());
  }
}
