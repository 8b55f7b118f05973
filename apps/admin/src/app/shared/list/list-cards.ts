import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import type { CardPlace, ListColumn } from './list-column';
import type { ListSelection } from './list-selection';
import { type ListRow, RowCheckbox, RowKeys, RowLink } from './rows';

/** Rows of a list as cards, for narrow screens. */
@Component({
  selector: 'app-list-cards',
  imports: [NgTemplateOutlet, RouterLink, RowKeys, RowLink, RowCheckbox],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './list-cards.html',
  styles: `
    /* Long names are wider than the columns of a card. */
    :host {
      --app-badge-wrapping: normal;
    }
    li {
      padding: var(--space-4) var(--space-4) var(--space-2);
      cursor: pointer;
    }
    .head {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0 var(--space-2);
    }
    app-row-checkbox {
      margin: 0 -3px 0 -11px;
    }
    .row-link {
      flex: 1 1 8rem;
    }
    .beside {
      align-self: flex-start;
      padding-top: var(--space-half);
    }
    dl {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(6rem, 100%), 1fr));
      gap: var(--space-half) var(--space-2);
      margin: var(--space-3) 0 0;
    }
    /* Values stand in one line, also where a name takes two. */
    dl > div {
      display: grid;
      grid-row: span 2;
      grid-template-rows: subgrid;
    }
    dt {
      align-self: end;
      color: var(--mat-sys-on-surface-variant);
      font-size: 0.75rem;
      line-height: 1rem;
    }
    dd {
      min-width: 0;
      margin: 0 0 var(--space-2);
      overflow-wrap: anywhere;
    }
    .foot {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      gap: var(--space-1);
      margin: calc(-1 * var(--space-1)) calc(-1 * var(--space-2)) 0 0;
    }
  `,
})
export class ListCards<T> {
  readonly rows = input.required<readonly ListRow<T>[]>();
  readonly columns = input.required<readonly ListColumn<T>[]>();
  readonly label = input.required<string>();
  readonly headings = input.required<Readonly<Record<string, string>>>();
  readonly selection = input<ListSelection<T> | null>(null);

  protected readonly t = injectTexts();
  protected readonly title = computed(() => this.columns()[0]);
  protected readonly heads = computed(() => this.at('head'));
  protected readonly facts = computed(() => this.at('fact'));
  protected readonly feet = computed(() => this.at('foot'));

  private at(place: CardPlace): readonly ListColumn<T>[] {
    return this.columns()
      .slice(1)
      .filter((column) => column.place() === place);
  }
}
