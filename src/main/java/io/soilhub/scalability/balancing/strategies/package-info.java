/// Which of several targets takes the next request: five strategies, pure and without allocation on
/// the way.
///
/// Entry points: [io.soilhub.scalability.balancing.strategies.Strategy], made by
/// [io.soilhub.scalability.balancing.strategies.StrategyName];
/// [io.soilhub.scalability.balancing.strategies.InstanceLoad], what one replica knows of a target.
///
/// Invariants: a choice reads only its arguments and the loads; only candidates are chosen; time
/// and chance come from outside; an explanation follows the same rule as the choice.
package io.soilhub.scalability.balancing.strategies;
