// JSON text over several lines. It is never parsed: numbers, repeated members and their order stay as received.
export function indented(json: string): string[] {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s"{}[\],:]+/gs) ?? [];
  const lines: string[] = [];
  let line = "";
  let depth = 0;
  const end = () => {
    if (line.trim()) lines.push(line);
    line = "  ".repeat(Math.min(depth, 40));
  };
  tokens.forEach((token, n) => {
    if (token === "{" || token === "[") {
      line += token;
      depth += 1;
      if (tokens[n + 1] !== "}" && tokens[n + 1] !== "]") end();
    } else if (token === "}" || token === "]") {
      depth = Math.max(0, depth - 1);
      if (tokens[n - 1] !== "{" && tokens[n - 1] !== "[") end();
      line += token;
    } else if (token === ",") {
      line += token;
      end();
    } else line += token === ":" ? ": " : token;
  });
  if (line.trim()) lines.push(line);
  return lines;
}
