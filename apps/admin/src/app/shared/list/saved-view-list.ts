import {
  afterNextRender,
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  Injector,
  input,
  linkedSignal,
  output,
  signal,
} from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { focusFirstField } from '../focus';
import { Icon } from '../ui/icon';
import {
  type SavedView,
  SavedViews,
  VIEW_NAME_MAX,
  viewParameters,
  viewQuery,
  VIEWS_MAX,
  withView,
} from './saved-views';
import type { ViewMenu } from './view-menu';

/** Form for the name of a view. */
@Component({
  selector: 'app-view-name',
  imports: [MatButton, MatFormFieldModule, MatInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form (submit)="$event.preventDefault(); submit(field.value)">
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ t().listView.views.name }}</mat-label>
        <input
          #field
          matInput
          autocomplete="off"
          [attr.maxlength]="maxLength"
          [value]="name()"
          (input)="typed.set(field.value.trim())"
          (keydown.escape)="$event.stopPropagation(); closed.emit()"
        />
        @if (isTaken()) {
          <mat-hint>{{ t().listView.views.replaces }}</mat-hint>
        }
      </mat-form-field>
      <div class="row">
        <button matButton type="button" (click)="closed.emit()">{{ t().common.cancel }}</button>
        <button matButton="tonal" type="submit">{{ t().common.save }}</button>
      </div>
    </form>
  `,
  styles: `
    form {
      display: grid;
      flex: 1;
      gap: 8px;
      padding: 8px 0;
    }
    .row {
      justify-content: flex-end;
    }
  `,
})
export class ViewName {
  readonly name = input('');
  /** Names of the other views, which a view with the same name replaces. */
  readonly others = input.required<readonly string[]>();
  readonly named = output<string>();
  readonly closed = output();

  protected readonly t = injectTexts();
  protected readonly maxLength = VIEW_NAME_MAX;
  protected readonly typed = signal('');
  protected readonly isTaken = computed(() => this.others().includes(this.typed()));

  constructor() {
    focusFirstField();
  }

  protected submit(text: string): void {
    const name = text.trim().slice(0, VIEW_NAME_MAX);
    if (name !== '') {
      this.named.emit(name);
    }
  }
}

/** Saved views of a list: opens, saves, renames and deletes them. */
@Component({
  selector: 'app-saved-view-list',
  imports: [Icon, MatIconButton, RouterLink, ViewName],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h3 class="small-title">{{ t().listView.views.heading }}</h3>
    <ul>
      @for (view of views(); track view.name) {
        <li>
          @if (named() === view.name) {
            <app-view-name
              [name]="view.name"
              [others]="namesExcept(view.name)"
              (named)="rename(view, $event)"
              (closed)="closeForm(view.name)"
            />
          } @else {
            <a
              class="bare ellipsis"
              queryParamsHandling="merge"
              [attr.data-view]="view.name"
              [attr.aria-current]="view.parameters === current() ? 'true' : null"
              [routerLink]="[]"
              [queryParams]="queryOf(view)"
              (click)="menu().close()"
              ><bdi>{{ view.name }}</bdi></a
            >
            <button
              matIconButton
              type="button"
              [attr.aria-label]="t().listView.views.rename(view.name)"
              (click)="named.set(view.name)"
            >
              <app-icon name="edit" />
            </button>
            <button
              matIconButton
              type="button"
              [attr.aria-label]="t().listView.views.delete(view.name)"
              (click)="delete(view)"
            >
              <app-icon name="trash" />
            </button>
          }
        </li>
      }
    </ul>
    @if (named() === '') {
      <app-view-name [others]="namesExcept('')" (named)="save($event)" (closed)="closeForm('')" />
    } @else if (views().length < max) {
      <button class="bare link-button" type="button" data-view="" (click)="named.set('')">
        {{ t().listView.views.save }}
      </button>
    } @else {
      <p class="second-line">{{ t().listView.views.full(max) }}</p>
    }
    <p class="second-line">{{ t().listView.views.kept }}</p>
  `,
  styles: `
    :host {
      display: block;
    }
    ul {
      margin: 0 -8px 6px;
    }
    li {
      display: flex;
      align-items: center;
    }
    a {
      flex: 1;
      padding: 8px;
      border-radius: 8px;
      text-decoration: none;
    }
    a:hover {
      background: color-mix(in srgb, currentColor 8%, transparent);
    }
    a[aria-current='true'] {
      background: var(--mat-sys-primary-container);
      color: var(--mat-sys-on-primary-container);
      font-weight: 600;
    }
    button[matIconButton] {
      --app-icon-size: 18px;
      --mat-icon-button-state-layer-size: 36px;

      color: var(--mat-sys-on-surface-variant);
    }
    app-view-name {
      flex: 1;
      padding: 0 8px;
    }
    ul + app-view-name {
      padding: 0;
    }
    p {
      margin-top: 6px;
    }
  `,
})
export class SavedViewList {
  private readonly store = inject(SavedViews);
  private readonly notifier = inject(Notifier);
  private readonly injector = inject(Injector);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  readonly menu = input.required<ViewMenu>();

  protected readonly t = injectTexts();
  protected readonly max = VIEWS_MAX;
  protected readonly views = linkedSignal(() => this.store.read(this.menu().name()));
  /** Name of the view that is being renamed; empty for a new view. */
  protected readonly named = signal<string | null>(null);
  /** Parameters of the view that the list shows now. */
  protected readonly current = computed(() => {
    const { state, layout } = this.menu();
    return viewParameters(state().query(), layout().hiddenParameter());
  });

  constructor() {
    afterRenderEffect(() => {
      this.views();
      this.named();
      this.menu().reposition();
    });
  }

  protected queryOf(view: SavedView): Record<string, string | null> {
    return viewQuery(view, this.menu().state().query());
  }

  protected namesExcept(name: string): string[] {
    return this.views()
      .map((view) => view.name)
      .filter((other) => other !== name);
  }

  protected save(name: string): void {
    this.set(withView(this.views(), { name, parameters: this.current() }));
    this.closeForm(name);
  }

  protected rename(view: SavedView, name: string): void {
    const others = this.views().filter((other) => other !== view);
    this.set(withView(others, { ...view, name }));
    this.closeForm(name);
  }

  protected delete(view: SavedView): void {
    const before = this.views();
    const next = before[before.indexOf(view) + 1] ?? before[before.indexOf(view) - 1];
    this.set(before.filter((other) => other !== view));
    this.closeForm(next?.name ?? '');
    this.notifier.undoable(this.t().listView.views.deleted(view.name), () =>
      this.set(withView(this.store.read(this.menu().name()), view)),
    );
  }

  /** Closes the form, and moves the focus to a view; an empty name stands for the button that saves one. */
  protected closeForm(name: string): void {
    this.named.set(null);
    afterNextRender(
      () => this.host.querySelector<HTMLElement>(`[data-view="${CSS.escape(name)}"]`)?.focus(),
      {
        injector: this.injector,
      },
    );
  }

  private set(views: readonly SavedView[]): void {
    this.store.write(this.menu().name(), views);
    this.views.set([...views]);
  }
}
