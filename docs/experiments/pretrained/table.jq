# Of a ranking by several predictors: candidates by final accuracy with their ranks after the window, then each predictor's agreement.
def percent: if . == null then "–" else . * 1000 | round / 10 | tostring end;
def short: if . == null then "–" else . * 1000 | round / 1000 | tostring end;
.predictors as $all
| ($all | map(.name)) as $names
| (.candidates | sort_by(-(.finalAccuracy // 0))) as $candidates
| ([["candidate", "final test accuracy"] + $names, ([range(2 + ($names | length))] | map("---"))]
   + [$candidates[] | . as $c | [$c.candidate, ($c.finalAccuracy | percent)]
      + [$all[] | .candidates[] | select(.candidate == $c.candidate) | (.rank // "–" | tostring)]]
   + [["Spearman's ρ", ""] + [$all[] | .agreement.spearman | if type == "object" then .value else . end | short]])
| .[] | "| " + join(" | ") + " |"
