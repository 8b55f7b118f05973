import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { type FormControl, ReactiveFormsModule } from '@angular/forms';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';
import type { TokenTemplateDto } from '@latchkey/auth-models';
import { map } from 'rxjs';
import { controlError } from '../../shared/forms/field-error';
import { type Loaded, loaded } from '../../shared/loaded';
import { OffersApi } from '../offers/offers-api';

/** Loads all templates. */
export function loadedTemplates(): Loaded<readonly TokenTemplateDto[]> {
  const api = inject(OffersApi);
  return loaded(
    () => 'templates',
    () => api.templates().pipe(map(({ items }) => items)),
  );
}

/** Field to choose a template. */
@Component({
  selector: 'app-template-field',
  imports: [MatFormFieldModule, MatSelectModule, ReactiveFormsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <mat-form-field appearance="outline" hideRequiredMarker subscriptSizing="dynamic">
      <mat-label>{{ label() }}</mat-label>
      <mat-select [formControl]="control()" (selectionChange)="chosen.emit($event.value)">
        @for (template of templates(); track template.name) {
          <mat-option [value]="template">{{ template.name }}</mat-option>
        }
      </mat-select>
      @if (control().value?.description; as description) {
        <mat-hint>{{ description }}</mat-hint>
      }
      <mat-error>{{ error() }}</mat-error>
    </mat-form-field>
  `,
  styles: `
    :host,
    mat-form-field {
      display: block;
    }
  `,
})
export class TemplateField {
  readonly label = input.required<string>();
  readonly control = input.required<FormControl<TokenTemplateDto | null>>();
  readonly templates = input.required<readonly TokenTemplateDto[]>();
  readonly chosen = output<TokenTemplateDto>();

  protected readonly error = controlError(() => this.control());
}
