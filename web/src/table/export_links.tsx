/** A table's exports; as XLSX it is at /xlsx in place of /csv. */
export function ExportLinks({ csv, caption }: { csv: string; caption: string }) {
  return (
    <>
      <a className="button quiet" href={csv} download>
        CSV<span className="visually-hidden"> of {caption}</span>
      </a>
      <a className="button quiet" href={csv.replace(/\/csv(?=\?|$)/, "/xlsx")} download>
        Excel<span className="visually-hidden"> of {caption}</span>
      </a>
    </>
  );
}
