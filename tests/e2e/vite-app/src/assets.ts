/** The part of an asset that this page shows. */
export interface Asset {
  id: string;
  name: string;
}

/** One page of the catalogue. */
export interface Page {
  items: Asset[];
  page: number;
}

/** The path of one page. */
export function pathOf(page: number): string {
  return `/api/assets?page=${page}&size=10`;
}
