package io.soilhub.scalability.varieties.trials;

import java.util.Arrays;
import java.util.Optional;

/// Unit of yield. Tables are never converted: bushels weigh differently by crop, and an answer
/// should carry the numbers that its source printed.
public enum YieldUnit {
  BU_AC("bu/ac"),
  T_HA("t/ha"),
  KG_HA("kg/ha");

  private final String symbol;

  YieldUnit(String symbol) {
    this.symbol = symbol;
  }

  /// As printed, for instance `t/ha`.
  public String symbol() {
    return symbol;
  }

  /// The column that holds yields of this unit, for instance `yield_t_ha`.
  public String column() {
    return "yield_" + symbol.replace('/', '_');
  }

  public static Optional<YieldUnit> ofSymbol(String symbol) {
    return Arrays.stream(values()).filter(unit -> unit.symbol.equals(symbol)).findFirst();
  }

  public static Optional<YieldUnit> ofColumn(String column) {
    return Arrays.stream(values()).filter(unit -> unit.column().equals(column)).findFirst();
  }
}
