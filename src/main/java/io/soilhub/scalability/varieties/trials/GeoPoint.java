package io.soilhub.scalability.varieties.trials;

/// A point on the earth.
///
/// @param latitude degrees north, -90 to 90
/// @param longitude degrees east, -180 to 180
public record GeoPoint(double latitude, double longitude) {

  /// IUGG mean radius.
  private static final double EARTH_RADIUS_KM = 6371.0088;

  public GeoPoint {
    if (!(Math.abs(latitude) <= 90)) {
      throw new IllegalArgumentException("latitude " + latitude + " is not between -90 and 90");
    }
    if (!(Math.abs(longitude) <= 180)) {
      throw new IllegalArgumentException("longitude " + longitude + " is not between -180 and 180");
    }
  }

  /// Great-circle distance in km, by the haversine formula, which stays exact for near points.
  public double distanceKm(GeoPoint other) {
    double north = haversine(other.latitude - latitude);
    double east = haversine(other.longitude - longitude);
    double a = north + Math.cos(rad(latitude)) * Math.cos(rad(other.latitude)) * east;
    return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(a)));
  }

  private static double haversine(double degrees) {
    double sine = Math.sin(rad(degrees) / 2);
    return sine * sine;
  }

  private static double rad(double degrees) {
    return Math.toRadians(degrees);
  }
}
